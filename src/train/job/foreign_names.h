// ForeignNames: hyperparameters of other algorithms and libraries, told as such, because the
// nearest name of ours means something else, or none is near.
#pragma once

#include <string>
#include <string_view>

namespace ringmaker::train {

/// Whose name it is and what is trained here, or what it is called here, without a full stop; empty
/// for a name that no other algorithm we know of has.
[[nodiscard]] std::string foreign_name_text(std::string_view name);

}  // namespace ringmaker::train
