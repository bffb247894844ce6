#include "train/objective/loss_choice.h"

#include "base/check.h"
#include "train/objective/absolute_loss.h"
#include "train/objective/eps_insensitive_absolute_loss.h"
#include "train/objective/eps_insensitive_squared_loss.h"
#include "train/objective/hinge_loss.h"
#include "train/objective/huber_loss.h"
#include "train/objective/logistic_loss.h"
#include "train/objective/quantile_loss.h"
#include "train/objective/softmax_loss.h"
#include "train/objective/squared_loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ringmaker::train {
namespace {

/// In the order of LossKind.
constexpr std::array<std::string_view, 10> kNames{"auto",
                                                  "squared_loss",
                                                  "absolute_loss",
                                                  "quantile_loss",
                                                  "huber_loss",
                                                  "eps_insensitive_squared_loss",
                                                  "eps_insensitive_absolute_loss",
                                                  "logistic",
                                                  "hinge_loss",
                                                  "softmax_loss"};

/// The first is the one "auto" means.
std::span<const LossKind> losses_of(data::Task task) noexcept {
  static constexpr std::array kRegression{LossKind::kSquared,
                                          LossKind::kAbsolute,
                                          LossKind::kQuantile,
                                          LossKind::kHuber,
                                          LossKind::kEpsInsensitiveSquared,
                                          LossKind::kEpsInsensitiveAbsolute};
  static constexpr std::array kBinary{LossKind::kLogistic, LossKind::kHinge};
  static constexpr std::array kMulticlass{LossKind::kSoftmax};
  switch (task) {
    case data::Task::kRegression:
      return kRegression;
    case data::Task::kBinary:
      return kBinary;
    case data::Task::kMulticlass:
      return kMulticlass;
  }
  RM_UNREACHABLE();
}

}  // namespace

std::string_view name(LossKind kind) noexcept { return kNames[static_cast<size_t>(kind)]; }

std::span<const std::string_view> loss_names() noexcept { return kNames; }

LossKind loss_named(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  RM_CHECK(found != kNames.end());
  return static_cast<LossKind>(found - kNames.begin());
}

base::Result<LossKind> loss_for(LossKind asked, data::Task task) {
  const std::span<const LossKind> fitting = losses_of(task);
  if (asked == LossKind::kAuto || (asked == LossKind::kSoftmax && task == data::Task::kBinary)) {
    return fitting.front();
  }
  if (std::find(fitting.begin(), fitting.end(), asked) == fitting.end()) {
    std::vector<std::string_view> names;
    std::transform(fitting.begin(), fitting.end(), std::back_inserter(names),
                   [](LossKind kind) { return name(kind); });
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("hyperparameter \"loss\" is \"{}\"; a {} model is trained with "
                                  "one of auto, {}",
                                  name(asked), data::name(task), fmt::join(names, ", ")));
  }
  return asked;
}

std::unique_ptr<Loss> make_loss(const LossChoice& choice) {
  switch (choice.kind) {
    case LossKind::kAuto:
      break;
    case LossKind::kSquared:
      return std::make_unique<SquaredLoss>();
    case LossKind::kAbsolute:
      return std::make_unique<AbsoluteLoss>();
    case LossKind::kQuantile:
      return std::make_unique<QuantileLoss>(choice.quantile);
    case LossKind::kHuber:
      return std::make_unique<HuberLoss>(choice.huber_delta);
    case LossKind::kEpsInsensitiveSquared:
      return std::make_unique<EpsInsensitiveSquaredLoss>(choice.insensitivity);
    case LossKind::kEpsInsensitiveAbsolute:
      return std::make_unique<EpsInsensitiveAbsoluteLoss>(choice.insensitivity);
    case LossKind::kLogistic:
      return std::make_unique<LogisticLoss>();
    case LossKind::kHinge:
      return std::make_unique<HingeLoss>(choice.margin);
    case LossKind::kSoftmax:
      return std::make_unique<SoftmaxLoss>();
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::train
