#include "model/import/xgboost/xgboost_objective.h"

#include "model/link.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ringmaker::model {
namespace {

using enum data::Task;

constexpr std::array kObjectives{
    XgboostObjective{.name = "reg:squarederror"},
    XgboostObjective{.name = "reg:linear"},
    XgboostObjective{.name = "reg:squaredlogerror"},
    XgboostObjective{.name = "reg:pseudohubererror"},
    XgboostObjective{.name = "reg:absoluteerror"},
    XgboostObjective{.name = "reg:quantileerror"},
    XgboostObjective{
        .name = "reg:expectileerror", .start = MarginStart::kRises, .link = Link::kRising},
    XgboostObjective{.name = "reg:logistic", .start = MarginStart::kLogit, .link = Link::kLogistic},
    XgboostObjective{.name = "reg:gamma", .start = MarginStart::kLog, .link = Link::kExponential},
    XgboostObjective{.name = "reg:tweedie", .start = MarginStart::kLog, .link = Link::kExponential},
    XgboostObjective{
        .name = "count:poisson", .start = MarginStart::kLog, .link = Link::kExponential},
    XgboostObjective{
        .name = "survival:cox", .start = MarginStart::kLog, .link = Link::kExponential},
    XgboostObjective{
        .name = "survival:aft", .start = MarginStart::kLog, .link = Link::kExponential},
    XgboostObjective{.name = "rank:pairwise"},
    XgboostObjective{.name = "rank:ndcg"},
    XgboostObjective{.name = "rank:map"},
    XgboostObjective{.name = "binary:logistic",
                     .start = MarginStart::kLogit,
                     .link = Link::kLogistic,
                     .task = kBinary},
    XgboostObjective{.name = "binary:logitraw", .task = kBinary, .margin = true},
    XgboostObjective{.name = "binary:hinge", .link = Link::kStep, .task = kBinary},
    XgboostObjective{.name = "multi:softmax", .link = Link::kClassIndex, .task = kMulticlass},
    XgboostObjective{.name = "multi:softprob", .link = Link::kSoftmax, .task = kMulticlass},
};

}  // namespace

const XgboostObjective* xgboost_objective(std::string_view name) noexcept {
  const auto* found = std::find_if(kObjectives.begin(), kObjectives.end(),
                                   [&](const auto& known) { return known.name == name; });
  return found == kObjectives.end() ? nullptr : &*found;
}

namespace {

/// The inverse of log(1 + exp(m)), of no less than kRiseMin.
float softplus_inverse(float value) noexcept {
  const float v = std::max(value, kRiseMin);
  return v + std::log(-std::expm1(-v));
}

}  // namespace

void to_margins(MarginStart start, std::span<float> base) noexcept {
  switch (start) {
    case MarginStart::kAsItIs:
      return;
    case MarginStart::kLogit:
      std::ranges::transform(base, base.begin(),
                             [](float score) { return -std::log(1.0F / score - 1.0F); });
      return;
    case MarginStart::kLog:
      std::ranges::transform(base, base.begin(), [](float score) { return std::log(score); });
      return;
    case MarginStart::kRises:
      for (size_t k = base.size(); k-- > 1;) {
        base[k] = softplus_inverse(base[k] - base[k - 1] - kRiseMin);
      }
      return;
  }
}

}  // namespace ringmaker::model
