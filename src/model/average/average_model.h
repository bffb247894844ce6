// Several models that answer as one, as SageMaker's XGBoost container has it.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <vector>

namespace ringmaker::model {

/// Their answers are averaged, but classes are voted for. `members` are two or more that have
/// passed validate(); kInvalidInput when they differ in features or outputs.
[[nodiscard]] base::Result<Model> average_of(std::vector<Model> members);

}  // namespace ringmaker::model
