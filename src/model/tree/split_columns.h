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

#include "model/tree/trees_view.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
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

class SplitColumns {
 public:
  /// Columns for every node of the ensemble, reached or not. Requires that node features
  /// are < ensemble.features and that no threshold is NaN.
  explicit SplitColumns(const TreesView& ensemble);

  /// Readings in ascending order, kAnswer last.
  [[nodiscard]] const std::vector<SplitColumn>& columns() const noexcept { return columns_; }
  /// The ensemble's.
  [[nodiscard]] const std::vector<uint32_t>& category_words() const noexcept {
    return category_words_;
  }
  /// Of a node of the ensemble. Made whenever it is asked for: that takes less than fetching it.
  [[nodiscard]] Split split(const TreeNode& node) const;

 private:
  /// Columns of answers are equal where this is.
  using Key = std::tuple<uint32_t, Decision, Missing, bool, bool, bool, double, uint32_t, uint32_t>;

  static Key key_of(const TreeNode& node);
  void add_answer(const TreeNode& node);
  void number();
  [[nodiscard]] size_t place(uint32_t feature, Reading reading) const noexcept {
    return static_cast<size_t>(reading) * features_ + feature;
  }

  size_t features_;
  std::vector<SplitColumn> columns_;
  std::vector<uint32_t> category_words_;
  std::vector<uint32_t> column_of_;  // by reading and feature
  std::map<Key, uint32_t> answers_;  // the column of each
};

/// What the column holds for the feature's value x.
[[nodiscard]] float read(const SplitColumn& column, const std::vector<uint32_t>& category_words,
                         float x) noexcept;

}  // namespace ringmaker::model
