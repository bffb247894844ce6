// XgboostCategoryNames: the names of a feature's categories, as XGBoost writes them since 3.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::model {

/// The names that offsets cut out of a text. Offsets count bytes; but XGBoost 3.1 writes them from
/// Python counted in characters, and only as many bytes of the text as it has characters. Nothing
/// in the file says which; names from Python are sorted, unless somebody ordered them. So offsets
/// are taken for characters where bytes would cut one in two, or would unsort what is sorted. What
/// the end of the text has lost becomes U+FFFD.
/// Offsets ascend, from 0 or more to the size of the text at most.
[[nodiscard]] std::vector<std::string> names_between(const std::vector<int32_t>& offsets,
                                                     std::string_view text);

}  // namespace ringmaker::model
