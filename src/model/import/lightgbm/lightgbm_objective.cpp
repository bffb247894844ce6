#include "model/import/lightgbm/lightgbm_objective.h"

#include "base/text.h"
#include "wire/number_parse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct Known {
  std::string_view name;
  Link link = Link::kIdentity;
  data::Task task = data::Task::kRegression;
  bool has_root = false;   // "sqrt": it was trained on square roots
  bool has_slope = false;  // "sigmoid:"
};

constexpr std::array kObjectives{
    Known{.name = "regression", .has_root = true},
    Known{.name = "regression_l2", .has_root = true},
    Known{.name = "regression_l1", .has_root = true},
    Known{.name = "huber"},  // the library takes the root back where this stands
    Known{.name = "fair", .has_root = true},
    Known{.name = "quantile", .has_root = true},
    Known{.name = "mape", .has_root = true},
    Known{.name = "poisson", .link = Link::kExponential},
    Known{.name = "gamma", .link = Link::kExponential},
    Known{.name = "tweedie", .link = Link::kExponential},
    Known{
        .name = "binary", .link = Link::kLogistic, .task = data::Task::kBinary, .has_slope = true},
    Known{.name = "multiclass", .link = Link::kSoftmax, .task = data::Task::kMulticlass},
    Known{.name = "multiclassova",
          .link = Link::kLogistic,
          .task = data::Task::kMulticlass,
          .has_slope = true},
    Known{.name = "cross_entropy", .link = Link::kLogistic},
    Known{.name = "xentropy", .link = Link::kLogistic},
    Known{.name = "cross_entropy_lambda", .link = Link::kSoftplus},
    Known{.name = "xentlambda", .link = Link::kSoftplus},
    Known{.name = "lambdarank"},
    Known{.name = "rank_xendcg"},
    Known{.name = "custom"},
    Known{.name = "none"},
};

constexpr std::string_view kSigmoid = "sigmoid:";
constexpr std::string_view kClasses = "num_class:";

}  // namespace

Result<LightgbmObjective> lightgbm_objective(std::string_view line) {
  LightgbmObjective objective;
  std::string_view rest = base::trimmed(line);
  const std::string_view name = rest.substr(0, rest.find(' '));
  if (name.empty()) {
    return objective;
  }
  const auto known = std::ranges::find(kObjectives, name, &Known::name);
  if (known == kObjectives.end()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("objective is \"{}\", which this build does not know", name));
  }
  objective.name = name;
  objective.link = known->link;
  objective.task = known->task;
  rest.remove_prefix(name.size());
  while (!(rest = base::trimmed(rest)).empty()) {
    const std::string_view setting = rest.substr(0, rest.find(' '));
    rest.remove_prefix(setting.size());
    if (setting == "sqrt") {
      // On other objectives it changes nothing that an answer depends on.
      objective.link = known->has_root ? Link::kSignedSquare : known->link;
    } else if (setting.starts_with(kSigmoid) && known->has_slope) {
      const auto slope = wire::parse_double(setting.substr(kSigmoid.size()));
      if (!slope.ok() || !(slope.value > 0)) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("objective has {}, expected a positive number", setting));
      }
      objective.slope = slope.value;
    } else if (setting.starts_with(kClasses)) {
      uint64_t classes = 0;
      const std::string_view text = setting.substr(kClasses.size());
      const auto parsed = std::from_chars(text.data(), text.data() + text.size(), classes);
      if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("objective has {}, expected a number of classes", setting));
      }
      objective.classes = classes;
    }
  }
  return objective;
}

}  // namespace ringmaker::model
