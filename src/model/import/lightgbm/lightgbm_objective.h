// LightgbmObjective: what an objective of LightGBM makes of raw values.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::model {

struct LightgbmObjective {
  std::string name;  // empty: one of the user's own, whose raw values are the answer
  Link link = Link::kIdentity;
  data::Task task = data::Task::kRegression;
  double slope = 1;  // "sigmoid"
  std::optional<uint64_t> classes = {};
};

/// `line` is a name and what follows it: "binary sigmoid:0.7", "regression sqrt". kUnsupported for
/// a name that no version of LightGBM up to 4 has, kInvalidInput for a setting that cannot be.
[[nodiscard]] base::Result<LightgbmObjective> lightgbm_objective(std::string_view line);

}  // namespace ringmaker::model
