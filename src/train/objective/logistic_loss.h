// LogisticLoss: log(1 + exp(-raw)) for class 1, log(1 + exp(raw)) for class 0; raw is the
// log-odds of class 1.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

class LogisticLoss final : public Loss {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "logistic"; }
  [[nodiscard]] double evaluate(const LossBlock& block) const noexcept override;
  [[nodiscard]] bool smooth() const noexcept override { return true; }
};

}  // namespace ringmaker::train
