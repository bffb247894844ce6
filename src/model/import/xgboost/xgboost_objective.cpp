#include "model/import/xgboost/xgboost_objective.h"

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

float margin_of(MarginStart start, float base_score) noexcept {
  switch (start) {
    case MarginStart::kAsItIs:
      return base_score;
    case MarginStart::kLogit:
      return -std::log(1.0F / base_score - 1.0F);
    case MarginStart::kLog:
      return std::log(base_score);
  }
  return base_score;
}

}  // namespace ringmaker::model
