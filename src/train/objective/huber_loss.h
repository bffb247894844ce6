// HuberLoss: 1/2 r^2 for residuals r up to delta, delta |r| - 1/2 delta^2 beyond: the mean, with
// outliers pulling no harder than delta.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class HuberLoss final : public Loss {
 public:
  /// delta > 0
  explicit HuberLoss(double delta) noexcept : delta_(delta) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "huber_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return true; }

 private:
  double delta_;
};

}  // namespace ringmaker::train
