// SquaredLoss: 1/2 (raw - label)^2: the mean of the labels. Its mean is half the mean squared
// error.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class SquaredLoss final : public Loss {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "squared_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return true; }
};

}  // namespace ringmaker::train
