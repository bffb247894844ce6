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

/// Columns are equal where this is.
using Key =
    std::tuple<Reading, uint32_t, Decision, Missing, bool, bool, bool, double, uint32_t, uint32_t>;

Key key_of(const TreeNode& node, Reading reading) {
  if (reading != Reading::kAnswer) {
    return {reading, node.feature, {}, {}, {}, {}, {}, {}, {}, {}};
  }
  const double threshold = node.decision == Decision::kCategories ? 0 : node.threshold;
  return {
      reading,           node.feature,    node.decision, node.missing,        node.missing_left,
      node.members_left, node.sign_first, threshold,     node.category_begin, node.category_end};
}

}  // namespace

SplitColumns split_columns(const TreeEnsemble& ensemble) {
  SplitColumns result;
  result.category_words = ensemble.category_words;
  std::map<Key, uint32_t> ids;
  std::vector<Key> keys;
  keys.reserve(ensemble.nodes.size());
  for (const TreeNode& node : ensemble.nodes) {
    const float cut = cut_of(node);
    const Reading reading = reading_of(node, cut);
    keys.push_back(key_of(node, reading));
    ids.emplace(keys.back(), 0);
    result.splits.push_back({0, reading == Reading::kAnswer ? 1.0F : cut});
  }
  uint32_t next = 0;
  for (auto& [key, id] : ids) {
    id = next++;
  }
  result.columns.resize(ids.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint32_t id = ids.find(keys[i])->second;
    result.splits[i].column = id;
    result.columns[id] = {ensemble.nodes[i].feature, std::get<Reading>(keys[i]), ensemble.nodes[i]};
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
