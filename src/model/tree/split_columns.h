// SplitColumns: an ensemble in which every node asks the same question, "value >= cut?".
//
// A row is first turned into columns; what distinguishes one node from another (comparison, the
// side of missing values, category sets) lives in how its column reads the feature:
//
//   x < t, x <= t    go right from the first float32 on that does: the cut
//   missing, left    the column holds NaN, which is >= nothing
//   missing, right   the column holds +infinity, which is >= every cut
//   categories, ==   the column holds the answer itself: 1 goes right, 0 goes left; the cut is 1
//
// Rows are float32, so the cut is exact for thresholds in double, too.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// What a column holds of its feature's value x.
enum class Reading : uint8_t {
  kPlain,      // x; NaN goes left
  kNanRight,   // NaN goes right
  kNanZero,    // NaN counts as 0
  kZeroLeft,   // NaN and values near 0 go left
  kZeroRight,  // NaN and values near 0 go right
  kAnswer,     // 1 where the node goes right, 0 where it goes left
};

struct SplitColumn {
  uint32_t feature = 0;
  Reading reading = Reading::kPlain;
  /// kAnswer: the node of the ensemble which is asked.
  TreeNode node;
};

/// Right when the column's value is >= cut; a cut of NaN never is.
struct Split {
  uint32_t column = 0;
  float cut = 0;
};

struct SplitColumns {
  std::vector<SplitColumn> columns;      // readings in ascending order, kAnswer last
  std::vector<Split> splits;             // one a node of the ensemble
  std::vector<uint32_t> category_words;  // the ensemble's
};

/// Every node of the ensemble gets a split, reached or not. Requires that node features
/// are < ensemble.features and that no threshold is NaN.
[[nodiscard]] SplitColumns split_columns(const TreeEnsemble& ensemble);

/// What the column holds for the feature's value x.
[[nodiscard]] float read(const SplitColumn& column, const std::vector<uint32_t>& category_words,
                         float x) noexcept;

}  // namespace ringmaker::model
