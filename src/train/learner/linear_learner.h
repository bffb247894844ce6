// LinearLearner: linear regression, binary logistic and multinomial logistic models.
//
// Columns are standardised for the solver and the scaling is folded into the stored weights.
// Missing values take the mean of their column, which the model keeps. Deterministic.
#pragma once

#include "config/hyperparameters.h"
#include "train/learner/learner.h"
#include "train/solver/mini_batch.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::train {

struct LinearOptions {
  /// L2 penalty on standardised weights, wd/2 |w|^2 beside the mean loss; negative: 1 / rows.
  double wd = -1;
  double l1 = 0;
  uint64_t epochs = 200;  // iterations of L-BFGS at most
  bool normalize_data = true;
  /// L-BFGS stops when the loss falls by less than this, relatively.
  double tolerance = 1e-9;
  /// Set: mini-batches with these rules in place of L-BFGS. Epochs and penalties are taken from
  /// above.
  std::optional<MiniBatchOptions> mini_batch = std::nullopt;
  /// Mini-batches stop after this many epochs without an improvement of at least the tolerance,
  /// relatively, of the validation loss or, without validation, of the training loss.
  uint64_t patience = 3;
  double patience_tolerance = 1e-3;
  /// Binary: rows of class 1 count this much more; negative: as much as makes the classes equal.
  double positive_weight = 1;
  /// Multiclass: every class counts the same, however many rows it has.
  bool balance_classes = false;
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
