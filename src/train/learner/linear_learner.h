// LinearLearner: linear regression, binary logistic and multinomial logistic models.
//
// Columns are standardised for the solver and the scaling is folded into the stored weights.
// Missing values take the mean of their column, which the model keeps. Deterministic.
#pragma once

#include "config/hyperparameters.h"
#include "train/learner/learner.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::train {

struct LinearOptions {
  /// L2 penalty on standardised weights, wd/2 |w|^2 beside the mean loss; negative: 1 / rows.
  double wd = -1;
  double l1 = 0;
  uint64_t epochs = 200;  // iterations of the solver at most
  bool normalize_data = true;
  /// Stops when the loss falls by less than this, relatively.
  double tolerance = 1e-9;
};

/// Reads the hyperparameters that are the learner's own.
[[nodiscard]] base::Result<LinearOptions> make_linear_options(
    const config::Hyperparameters& hyperparameters);
/// Their names.
[[nodiscard]] std::span<const std::string_view> linear_hyperparameter_names() noexcept;

class LinearLearner final : public Learner {
 public:
  explicit LinearLearner(const LinearOptions& options) : options_(options) {}
  [[nodiscard]] base::Result<model::Model> fit(const Dataset& train, const Dataset* validation,
                                               TrainingObserver& observer) const override;

 private:
  LinearOptions options_;
};

}  // namespace ringmaker::train
