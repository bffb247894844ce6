// Channel files: which files of a channel are data, in an order that repeats.
#pragma once

#include "base/result.h"
#include "config/training_input.h"

#include <string>
#include <vector>

namespace ringmaker::train {

/// All data files below `path` (or the file itself), sorted. Names that begin with '.' or '_',
/// empty files and "-manifest" siblings are not data. An error when there is none.
[[nodiscard]] base::Result<std::vector<std::string>> list_files(const std::string& path,
                                                                std::string_view channel);

/// One sentence for what cannot be read from this channel, as its description says.
[[nodiscard]] base::Result<void> check_channel(const config::InputChannel& channel);

}  // namespace ringmaker::train
