// QuantileLoss: quantile (label - raw) where the label is above, (1 - quantile) (raw - label) where
// it is below: the quantile of the labels.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class QuantileLoss final : public Loss {
 public:
  /// quantile in (0, 1); 0.5 is half the absolute loss
  explicit QuantileLoss(double quantile) noexcept : quantile_(quantile) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "quantile_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return false; }

 private:
  double quantile_;
};

}  // namespace ringmaker::train
