// Several models that answer as one, as SageMaker's XGBoost container has it.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <optional>
#include <string>
#include <vector>

namespace ringmaker::model {

/// Why two models cannot answer as one: `feature "city" has other categories`; nothing where they
/// can. Rows mean the same to both, and so do their answers.
[[nodiscard]] std::optional<std::string> difference_of(const Model& a, const Model& b);

/// Their answers are averaged, but classes are voted for. `members` are two or more that have
/// passed validate(); kInvalidInput when they differ in features or outputs.
[[nodiscard]] base::Result<Model> average_of(std::vector<Model> members);

}  // namespace ringmaker::model
