// Channel files: which files of a channel are data, in an order that repeats.
#pragma once

#include "base/result.h"
#include "config/training_input.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

struct DataFile {
  std::string path;
  std::string name;  // as errors call it: "train/2024/part-3.csv", "data/part-3.csv"
  size_t bytes = 0;
};

/// All data files below the directory `path`, at any depth, sorted by path; or the file itself.
/// `shown` is what the path is called, for names: a channel, or the path itself. `source` is what
/// it was given as, for errors: "the train channel", "--data". Names that begin with '.' or '_',
/// empty files and "-manifest" siblings are not data. An error when there is none, for what is
/// neither a file nor a directory, and for a link in a loop.
[[nodiscard]] base::Result<std::vector<DataFile>> list_files(const std::string& path,
                                                             std::string_view shown,
                                                             std::string_view source);

/// One sentence for what cannot be read from this channel, as its description says.
[[nodiscard]] base::Result<void> check_channel(const config::InputChannel& channel);

}  // namespace ringmaker::train
