#include "data/schema.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::data {

void Explanation::explain(size_t count, size_t features) {
  if (features >= kContributionsMax / count) {
    no_contributions = "a row would have more than " + std::to_string(kContributionsMax) +
                       " contributions, of " + std::to_string(features) + " features to " +
                       std::to_string(count) + " values";
    return;
  }
  margins = count;
  contributions_each = features + 1;
  no_contributions.clear();
}

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
