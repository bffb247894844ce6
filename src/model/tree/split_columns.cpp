#include "model/tree/split_columns.h"

#include "model/tree/split.h"

#include <cmath>
#include <limits>
#include <map>
#include <tuple>

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
  return static_cast<double>(nearest) < t ? std::nextafter(nearest, kInfinity) : nearest;
}

/// The least float32 that goes right; kNever where none does.
float cut_of(const TreeNode& node) {
  const float least = least_at_least(node.threshold);
  if (node.decision == Decision::kLess || static_cast<double>(least) > node.threshold) {
    return least;
  }
  return least == kInfinity ? kNever : std::nextafter(least, kInfinity);
}

Reading reading_of(const TreeNode& node, float cut) {
  if (node.decision == Decision::kEqual || node.decision == Decision::kCategories) {
    return Reading::kAnswer;
  }
  if (node.missing == Missing::kNone) {
    return Reading::kNanZero;
  }
  const bool zero = node.missing == Missing::kNanOrZero;
  if (node.missing_left) {
    return zero ? Reading::kZeroLeft : Reading::kPlain;
  }
  // Only the missing go right at such a node, and +infinity would not.
  if (std::isnan(cut)) {
    return Reading::kAnswer;
  }
  return zero ? Reading::kZeroRight : Reading::kNanRight;
}

/// Columns of answers are equal where this is.
using Key = std::tuple<uint32_t, Decision, Missing, bool, bool, bool, double, uint32_t, uint32_t>;

Key key_of(const TreeNode& node) {
  const double threshold = node.decision == Decision::kCategories ? 0 : node.threshold;
  return {node.feature,    node.decision, node.missing,        node.missing_left, node.members_left,
          node.sign_first, threshold,     node.category_begin, node.category_end};
}

/// Numbers the columns: by reading, then by feature, those of answers by their keys.
class Columns {
 public:
  explicit Columns(size_t features) : features_(features), read_(kReadings * features, kUnused) {}

  void use(const TreeNode& node, Reading reading) {
    if (reading == Reading::kAnswer) {
      answers_.emplace(key_of(node), Answer{0, node});
    } else {
      read_[place(node.feature, reading)] = 0;
    }
  }

  [[nodiscard]] std::vector<SplitColumn> number() {
    std::vector<SplitColumn> columns;
    for (size_t i = 0; i < read_.size(); ++i) {
      if (read_[i] != kUnused) {
        read_[i] = static_cast<uint32_t>(columns.size());
        columns.push_back({static_cast<uint32_t>(i % features_),
                           static_cast<Reading>(i / features_), TreeNode()});
      }
    }
    for (auto& [key, answer] : answers_) {
      answer.column = static_cast<uint32_t>(columns.size());
      columns.push_back({answer.node.feature, Reading::kAnswer, answer.node});
    }
    return columns;
  }

  [[nodiscard]] uint32_t column(const TreeNode& node, Reading reading) const {
    return reading == Reading::kAnswer ? answers_.find(key_of(node))->second.column
                                       : read_[place(node.feature, reading)];
  }

 private:
  static constexpr auto kReadings = static_cast<size_t>(Reading::kAnswer);
  static constexpr uint32_t kUnused = std::numeric_limits<uint32_t>::max();
  struct Answer {
    uint32_t column;
    TreeNode node;
  };

  [[nodiscard]] size_t place(uint32_t feature, Reading reading) const {
    return static_cast<size_t>(reading) * features_ + feature;
  }

  size_t features_;
  std::vector<uint32_t> read_;
  std::map<Key, Answer> answers_;
};

}  // namespace

SplitColumns split_columns(const TreeEnsemble& ensemble) {
  SplitColumns result;
  result.category_words = ensemble.category_words;
  result.splits.reserve(ensemble.nodes.size());
  Columns columns(ensemble.features);
  for (const TreeNode& node : ensemble.nodes) {
    columns.use(node, reading_of(node, cut_of(node)));
  }
  result.columns = columns.number();
  for (const TreeNode& node : ensemble.nodes) {
    const float cut = cut_of(node);
    const Reading reading = reading_of(node, cut);
    result.splits.push_back(
        {columns.column(node, reading), reading == Reading::kAnswer ? 1.0F : cut});
  }
  return result;
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
