// LightgbmText: the text of a LightGBM model, line by line.
//
//   tree                        the mark
//   key=value                   header: version, objective, feature_names, ...
//   Tree=0                      a block of key=value for each tree: lightgbm_tree.h
//   end of trees                versions before 2.2 go on with "feature importances:" at once
//   parameters: ... end of parameters
//   pandas_categorical:[...]    written by Python
//
// Lines may end with \r\n. Keys that are not known are stepped over.
#pragma once

#include "base/result.h"
#include "model/import/lightgbm/lightgbm_file.h"

#include <string_view>

namespace ringmaker::model {

/// The mark, and a line of the header behind it: any text may begin with the one word.
[[nodiscard]] bool is_lightgbm_text(std::string_view start) noexcept;

/// kCorrupt where the file ends too early, kUnsupported for a version that is not known,
/// kInvalidInput for a field that cannot be, with its name.
[[nodiscard]] base::Result<LightgbmFile> read_lightgbm_text(std::string_view text);

}  // namespace ringmaker::model
