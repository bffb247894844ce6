// XgboostObjective: what an objective of XGBoost makes of base_score and of margins.
#pragma once

#include "model/model.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::model {

/// How the margin starts from base_score, which is stored in the space of predictions.
enum class MarginStart : uint8_t { kAsItIs, kLogit, kLog, kRises };

struct XgboostObjective {
  std::string_view name;
  MarginStart start = MarginStart::kAsItIs;
  Link link = Link::kIdentity;
  data::Task task = data::Task::kRegression;  // of one output
  bool margin = false;                        // binary: predictions are margins
};

/// Null for a name that no version of XGBoost up to 3.3 has.
[[nodiscard]] const XgboostObjective* xgboost_objective(std::string_view name) noexcept;

/// Base scores, one an output, become the margins that they stand for, in XGBoost's own arithmetic.
void to_margins(MarginStart start, std::span<float> base) noexcept;

}  // namespace ringmaker::model
