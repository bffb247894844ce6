// From what a file of XGBoost says to a model.
#pragma once

#include "base/result.h"
#include "model/import/xgboost/xgboost_file.h"
#include "model/model.h"

namespace ringmaker::model {

/// kInvalidInput with the field that is missing, contradicts another or is out of range;
/// kUnsupported for an unknown objective or booster.
[[nodiscard]] base::Result<Model> model_of(XgboostFile file);

}  // namespace ringmaker::model
