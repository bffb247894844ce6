// XgboostObjective: what an objective of XGBoost makes of base_score and of margins.
#pragma once

#include "model/model.h"

#include <cstdint>
#include <string_view>

namespace ringmaker::model {

/// How the margin starts from base_score, which is stored in the space of predictions.
enum class MarginStart : uint8_t { kAsItIs, kLogit, kLog };

struct XgboostObjective {
  std::string_view name;
  MarginStart start = MarginStart::kAsItIs;
  Link link = Link::kIdentity;
  data::Task task = data::Task::kRegression;  // of one output
  bool margin = false;                        // binary: predictions are margins
};

/// Null for a name that no version of XGBoost up to 3.2 has.
[[nodiscard]] const XgboostObjective* xgboost_objective(std::string_view name) noexcept;

/// The margin that `base_score` stands for, in XGBoost's own arithmetic.
[[nodiscard]] float margin_of(MarginStart start, float base_score) noexcept;

}  // namespace ringmaker::model
