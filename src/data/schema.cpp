#include "data/schema.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::data {

std::string_view name(Task task) noexcept {
  switch (task) {
    case Task::kRegression:
      return "regression";
    case Task::kBinary:
      return "binary";
    case Task::kMulticlass:
      return "multiclass";
  }
  RM_UNREACHABLE();
}

std::optional<size_t> OutputSchema::predicted_class(const float* scores) const noexcept {
  const size_t columns = score_columns();
  if (std::any_of(scores, scores + columns, [](float score) { return std::isnan(score); })) {
    return std::nullopt;
  }
  if (task == Task::kBinary) {
    return *scores > threshold ? 1 : 0;
  }
  if (class_index) {
    const bool named = *scores >= 0 && *scores < static_cast<float>(class_names.size());
    return named ? std::optional(static_cast<size_t>(*scores)) : std::nullopt;
  }
  return static_cast<size_t>(std::max_element(scores, scores + columns) - scores);
}

}  // namespace ringmaker::data
