#include "model/tree/split_columns.h"

#include "model/tree/next_above.h"
#include "model/tree/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ringmaker::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNever = std::numeric_limits<float>::quiet_NaN();
constexpr float kMax = std::numeric_limits<float>::max();

/// The least float32 that is not below t.
float least_at_least(double t) {
  if (t > static_cast<double>(kMax)) {
    return kInfinity;
  }
  if (t < -static_cast<double>(kMax)) {
    return std::isinf(t) ? -kInfinity : -kMax;
  }
  const auto nearest = static_cast<float>(t);
  return static_cast<double>(nearest) < t ? next_above(nearest) : nearest;
}

/// The least float32 that goes right; kNever where never_right().
float cut_of(const TreeNode& node) {
  const float least = least_at_least(node.threshold);
  if (node.decision == Decision::kLess || static_cast<double>(least) > node.threshold) {
    return least;
  }
  return least == kInfinity ? kNever : next_above(least);
}

Reading reading_of(const TreeNode& node) {
  if (node.decision == Decision::kEqual || node.decision == Decision::kCategories) {
    return Reading::kAnswer;
  }
  // Looked up, because the side is nothing a processor can guess.
  constexpr Reading kOfMissing[3][2] = {{Reading::kNanRight, Reading::kPlain},
                                        {Reading::kZeroRight, Reading::kZeroLeft},
                                        {Reading::kNanZero, Reading::kNanZero}};
  const Reading reading = kOfMissing[static_cast<size_t>(node.missing)][node.missing_left ? 1 : 0];
  // Only the missing go right at a node that never sends a number there, and +infinity would not.
  return never_right(node) && (reading == Reading::kNanRight || reading == Reading::kZeroRight)
             ? Reading::kAnswer
             : reading;
}

constexpr auto kReadings = static_cast<size_t>(Reading::kAnswer);
constexpr uint32_t kUnused = std::numeric_limits<uint32_t>::max();
constexpr uint32_t kUsed = 0;

}  // namespace

SplitColumns::SplitColumns(const TreesView& ensemble)
    : features_(ensemble.features),
      category_words_(ensemble.category_words),
      column_of_(kReadings * ensemble.features, kUnused) {
  ensemble.nodes.with_access([&](const auto& node_at) {
    for (size_t n = 0; n < ensemble.nodes.size(); ++n) {
      const Reading reading = reading_of(node_at(n));
      if (reading == Reading::kAnswer) {
        add_answer(node_at(n));
      } else {
        column_of_[place(node_at(n).feature, reading)] = kUsed;
      }
    }
  });
  number();
}

SplitColumns::Key SplitColumns::key_of(const TreeNode& node) {
  const double threshold = node.decision == Decision::kCategories ? 0 : node.threshold;
  return {node.feature,    node.decision, node.missing,        node.missing_left, node.members_left,
          node.sign_first, threshold,     node.category_begin, node.category_end};
}

void SplitColumns::add_answer(const TreeNode& node) {
  if (answers_.emplace(key_of(node), 0).second) {
    columns_.push_back({node.feature, Reading::kAnswer, node});
  }
}

/// By reading, then by feature; columns of answers by their keys.
void SplitColumns::number() {
  std::vector<SplitColumn> answers = std::move(columns_);
  columns_.clear();
  for (size_t i = 0; i < column_of_.size(); ++i) {
    if (column_of_[i] != kUnused) {
      column_of_[i] = static_cast<uint32_t>(columns_.size());
      columns_.push_back(
          {static_cast<uint32_t>(i % features_), static_cast<Reading>(i / features_), TreeNode()});
    }
  }
  std::ranges::sort(answers, {}, [](const SplitColumn& answer) { return key_of(answer.node); });
  for (const SplitColumn& answer : answers) {
    answers_[key_of(answer.node)] = static_cast<uint32_t>(columns_.size());
    columns_.push_back(answer);
  }
}

Split SplitColumns::split(const TreeNode& node) const {
  const Reading reading = reading_of(node);
  return reading == Reading::kAnswer
             ? Split{answers_.find(key_of(node))->second, 1.0F}
             : Split{column_of_[place(node.feature, reading)], cut_of(node)};
}

float read(const SplitColumn& column, const std::vector<uint32_t>& category_words,
           float x) noexcept {
  switch (column.reading) {
    case Reading::kPlain:
      return x;
    case Reading::kNanRight:
      return std::isnan(x) ? kInfinity : x;
    case Reading::kNanZero:
      return std::isnan(x) ? 0.0F : x;
    case Reading::kZeroLeft:
      return is_missing(Missing::kNanOrZero, x) ? kNever : x;
    case Reading::kZeroRight:
      return is_missing(Missing::kNanOrZero, x) ? kInfinity : x;
    case Reading::kAnswer:
      return goes_left(column.node, category_words, x) ? 0.0F : 1.0F;
  }
  return x;
}

}  // namespace ringmaker::model
