// SoftmaxLoss: -log softmax(raw)[label]; one raw score a class.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class SoftmaxLoss final : public Loss {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "softmax_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return true; }
};

}  // namespace ringmaker::train
