// EpsInsensitiveSquaredLoss: 1/2 max(0, |raw - label| - insensitivity)^2: residuals within the tube
// cost nothing.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class EpsInsensitiveSquaredLoss final : public Loss {
 public:
  /// insensitivity >= 0
  explicit EpsInsensitiveSquaredLoss(double insensitivity) noexcept
      : insensitivity_(insensitivity) {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return "eps_insensitive_squared_loss";
  }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return true; }

 private:
  double insensitivity_;
};

}  // namespace ringmaker::train
