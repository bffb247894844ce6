// LossChoice: which loss a job asked for, and the numbers that belong to it.
#pragma once

#include "base/result.h"
#include "data/schema.h"
#include "train/objective/loss.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ringmaker::train {

enum class LossKind : uint8_t {
  kAuto,  // squared_loss, logistic or softmax_loss, by the task
  kSquared,
  kAbsolute,
  kQuantile,
  kHuber,
  kEpsInsensitiveSquared,
  kEpsInsensitiveAbsolute,
  kLogistic,
  kHinge,
  kSoftmax
};

/// Defaults are Linear Learner's. Distances are in units of the label the solver sees.
struct LossChoice {
  LossKind kind = LossKind::kAuto;
  double margin = 1;            // hinge_loss
  double insensitivity = 0.01;  // eps_insensitive_*
  double quantile = 0.5;        // quantile_loss
  double huber_delta = 1;       // huber_loss
};

/// "squared_loss", "logistic", ...; "auto".
[[nodiscard]] std::string_view name(LossKind kind) noexcept;
/// Every name, to choose from.
[[nodiscard]] std::span<const std::string_view> loss_names() noexcept;
/// `name` is one of loss_names().
[[nodiscard]] LossKind loss_named(std::string_view name) noexcept;

/// Resolves kAuto. kInvalidInput, naming the losses that fit, when the loss is of another task. Two
/// classes have one score even where the job speaks of several, so softmax_loss is logistic then.
[[nodiscard]] base::Result<LossKind> loss_for(LossKind asked, data::Task task);

/// `choice.kind` is not kAuto.
[[nodiscard]] std::unique_ptr<Loss> make_loss(const LossChoice& choice);

}  // namespace ringmaker::train
