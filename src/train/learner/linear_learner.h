// LinearLearner: linear models of any loss in train/objective.
//
// Columns, and the labels of a regression, are standardised for the solver, and the scaling is
// folded into the stored weights. Missing values take the mean of their column, which the model
// keeps. L-BFGS comes to the optimum of every loss, those with kinks by smoothing; mini-batches
// are there for those who ask for them. Deterministic.
#pragma once

#include "train/learner/learner.h"
#include "train/learner/linear_options.h"

namespace ringmaker::train {

class LinearLearner final : public Learner {
 public:
  explicit LinearLearner(LinearOptions options) : options_(std::move(options)) {}
  /// kInvalidInput when the data has no model: one class alone, values that are not finite, a loss
  /// of another task, a learning rate that leads nowhere.
  [[nodiscard]] base::Result<model::Model> fit(const Dataset& train, const Dataset* validation,
                                               TrainingObserver& observer) const override;

 private:
  LinearOptions options_;
};

}  // namespace ringmaker::train
