// ModelFiles: which files of a directory are the model that is served.
//
// Our own model file counts before all others; without one, every file that is a model of a library
// we import, known by content: one is the model, several answer as one, as in SageMaker's XGBoost
// container.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace ringmaker::serve {

struct ModelFiles {
  std::vector<std::string> served = {};       // paths, in the order of the names; at least one
  std::vector<std::string> passed_over = {};  // names of those that are no models
};

/// The file itself, where `path` is one. What may not be read is an error, not absent. The error
/// says what was looked for and what was found instead.
///
/// A damaged member of an ensemble is an error too: the others would answer something else. It is
/// taken for one where it is empty, of a known other format (an archive, ...), or has a member's
/// name but for digits. Texts that lie beside models (README, *.py, *.json, ...) are passed over,
/// as are hidden files (.NAME, _SUCCESS), copies beside what they are copies of (*.bak, *.orig,
/// *~), directories, and what is called otherwise and unknown.
[[nodiscard]] base::Result<ModelFiles> find_model_files(const std::string& path);

/// Those that are served.
[[nodiscard]] base::Result<std::vector<std::string>> model_files(const std::string& path);

/// What an error about the model as a whole names: its file, or the directory of several.
[[nodiscard]] std::string place_of_model(const std::string& path);

/// "a, b, c and 7 more"
[[nodiscard]] std::string listed(const std::vector<std::string>& names, size_t shown_max);

}  // namespace ringmaker::serve
