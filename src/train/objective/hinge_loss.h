// HingeLoss: max(0, margin - s raw), with s = 1 for class 1 and -1 for class 0: rows beyond the
// margin on their own side cost nothing. The raw score is the answer; its sign is the class.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class HingeLoss final : public Loss {
 public:
  /// margin > 0
  explicit HingeLoss(double margin) noexcept : margin_(margin) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "hinge_loss"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return false; }

 private:
  double margin_;
};

}  // namespace ringmaker::train
