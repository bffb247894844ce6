// TreePermute: trees laid out for the permute kernels.
//
// For trees of depth 8 or less, features of at most 255 cuts and 256 columns of ranks.
#pragma once

#include "data/dense_block.h"
#include "model/tree/permute_kernels.h"
#include "model/tree/threshold_ranks.h"
#include "model/tree/trees_view.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe.
class TreePermute {
 public:
  [[nodiscard]] static bool fits(const TreesView& ensemble, const ThresholdRanks& ranks);

  /// Requires fits(); `splits` and `ranks` are those of `ensemble`, `ranks` outlives this, and
  /// `rank_kernels` fill in the ranks of many rows.
  TreePermute(const TreesView& ensemble, const SplitColumns& splits, const ThresholdRanks& ranks,
              const PermuteKernels& kernels, const TreeKernels& rank_kernels);

  /// raw[i][k] += the leaves that row i reaches in the trees of output k. 1 to kLanes rows.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;

 private:
  struct alignas(64) Block : PermuteBlock {};

  void place_node(const TreesView& ensemble, const SplitColumns& splits, size_t t, int32_t id,
                  uint32_t level, uint32_t position);
  void set_node(size_t t, uint32_t level, uint32_t position, ThresholdRanks::Place place);
  [[nodiscard]] size_t blocks_of_a_tree() const noexcept;
  [[nodiscard]] PermuteTrees trees(bool plain, size_t tree_count) const noexcept;
  template <class Value, class Kernel>
  void add_one_by_one(data::DenseView rows, data::DenseSpan raw, bool plain, const Value* values,
                      Kernel kernel) const noexcept;
  template <class Value, class Kernel>
  void add_together(data::DenseView rows, data::DenseSpan raw, bool plain, const Value* values,
                    Kernel kernel) const noexcept;

  const ThresholdRanks& ranks_;
  const PermuteKernels& kernels_;
  const TreeKernels& rank_kernels_;
  Precision precision_;
  bool deep_ = false;
  size_t tree_count_ = 0;          // up to a multiple of kTreesAtOnce
  std::vector<uint32_t> outputs_;  // of each tree
  std::vector<Block> blocks_;
  data::DenseBlock sorted_{kSortedFloats, 1};
  std::vector<float> float_values_;  // one of the two is empty
  std::vector<double> double_values_;
};

}  // namespace ringmaker::model
