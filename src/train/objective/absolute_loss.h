// AbsoluteLoss: |raw - label|: the median of the labels.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class AbsoluteLoss final : public Loss {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "absolute_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return false; }
};

}  // namespace ringmaker::train
