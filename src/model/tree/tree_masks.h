// TreeMasks: trees laid out for the mask kernel.
//
// A tree of depth 8 or less becomes a perfect one (a leaf that comes early stands below every path
// through it) unless that had far more nodes than the tree has; then, and where it is deeper, it
// keeps its shape. No tree may have more than 256 leaves.
#pragma once

#include "data/dense_block.h"
#include "model/tree/threshold_ranks.h"
#include "model/tree/tree_kernels.h"
#include "model/tree/trees_view.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe.
class TreeMasks {
 public:
  /// Whether the layout exists for the ensemble: leaves a tree and columns of ranks are limited.
  /// Where the trees are too large, their ranks need not be made.
  [[nodiscard]] static bool fits(const TreesView& ensemble);
  [[nodiscard]] static bool fits(const ThresholdRanks& ranks);

  /// Requires both fits(); `splits` and `ranks` are those of `ensemble`, `ranks` outlives this.
  TreeMasks(const TreesView& ensemble, const SplitColumns& splits, const ThresholdRanks& ranks,
            const TreeKernels& kernels);

  /// From how many rows on a slice is scored faster than by walks.
  [[nodiscard]] size_t rows_min() const noexcept { return kernels_.mask_rows_min; }

  /// raw[i][k] += the leaves that row i reaches in the trees of output k. 1 to kLanes rows.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;

 private:
  struct Placing;

  void reserve(const TreesView& ensemble);
  void place_tree(Placing& placing);
  void place_perfect(Placing& placing, int32_t id, uint32_t depth);
  void place_slots(Placing& placing, MaskTree& placed);
  void place_values(const Placing& placing, MaskTree& placed);
  template <class Value, class Kernel>
  void add_sums(data::DenseView rows, data::DenseSpan raw, const Value* values,
                Kernel kernel) const noexcept;

  const TreeKernels& kernels_;
  const ThresholdRanks& ranks_;
  Precision precision_;
  size_t leaf_width_;
  size_t leaf_slots_ = 0;
  size_t node_slots_ = 0;
  std::vector<MaskTree> trees_;
  std::vector<PerfectNode> perfect_nodes_;
  std::vector<SlotNode> slot_nodes_;
  std::vector<float> float_values_;  // one of the two is empty
  std::vector<double> double_values_;
};

}  // namespace ringmaker::model
