// EpsInsensitiveAbsoluteLoss: max(0, |raw - label| - insensitivity): residuals within the tube cost
// nothing.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class EpsInsensitiveAbsoluteLoss final : public Loss {
 public:
  /// insensitivity >= 0
  explicit EpsInsensitiveAbsoluteLoss(double insensitivity) noexcept
      : insensitivity_(insensitivity) {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return "eps_insensitive_absolute_loss";
  }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return false; }

 private:
  double insensitivity_;
};

}  // namespace ringmaker::train
