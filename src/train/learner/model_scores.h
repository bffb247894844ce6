// ModelScores: how good a finished model is on data that had no part in it.
#pragma once

#include "base/result.h"
#include "model/model.h"
#include "train/dataset/dataset.h"
#include "train/learner/linear_options.h"

#include <string_view>
#include <vector>

namespace ringmaker::train {

struct ModelScore {
  std::string_view name;  // "rmse", "logloss", ...
  double value = 0;
};

/// The scores that each round prints, and the one a tuning job asks for, at the model's own
/// threshold. `dataset` has the model's columns and classes. objective_loss is left out: it is the
/// learner's, and the model does not know it.
[[nodiscard]] base::Result<std::vector<ModelScore>> score_model(const model::Model& model,
                                                                const Dataset& dataset,
                                                                const LinearOptions& options);

}  // namespace ringmaker::train
