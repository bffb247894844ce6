// From what a file of LightGBM says to a model.
#pragma once

#include "base/result.h"
#include "model/import/lightgbm/lightgbm_file.h"
#include "model/model.h"

namespace ringmaker::model {

/// kInvalidInput with the field that is missing, contradicts another or is out of range;
/// kUnsupported for an unknown objective.
[[nodiscard]] base::Result<Model> model_of(LightgbmFile file);

}  // namespace ringmaker::model
