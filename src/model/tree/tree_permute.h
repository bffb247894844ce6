// TreePermute: trees laid out for the permute kernel, which scores single rows.
//
// For trees of depth 8 or less, features of at most 255 cuts and 256 columns of ranks.
#pragma once

#include "data/dense_block.h"
#include "model/tree/permute_kernels.h"
#include "model/tree/threshold_ranks.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe.
class TreePermute {
 public:
  [[nodiscard]] static bool fits(const TreeEnsemble& ensemble, const ThresholdRanks& ranks);

  /// Requires fits(); `splits` and `ranks` are those of `ensemble`, `ranks` outlives this.
  TreePermute(const TreeEnsemble& ensemble, const SplitColumns& splits, const ThresholdRanks& ranks,
              const PermuteKernels& kernels);

  /// raw[i][k] += the leaves that row i reaches in the trees of output k.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;

 private:
  void place_node(const TreeEnsemble& ensemble, const SplitColumns& splits, size_t t, int32_t id,
                  uint32_t level, uint32_t position);
  void set_node(size_t t, uint32_t level, uint32_t position, ThresholdRanks::Place place);
  template <class Value, class Kernel>
  void add_rows(data::DenseView rows, data::DenseSpan raw, const Value* values,
                Kernel kernel) const noexcept;

  const ThresholdRanks& ranks_;
  const PermuteKernels& kernels_;
  Precision precision_;
  bool deep_ = false;
  size_t tree_count_ = 0;            // up to a multiple of kTreesAtOnce
  std::vector<uint32_t> outputs_;    // of each tree
  data::DenseBlock blocks_{16, 16};  // bytes, aligned as the kernel wants them
  data::DenseBlock sorted_{kSortedFloats, 1};
  std::vector<float> float_values_;  // one of the two is empty
  std::vector<double> double_values_;
};

}  // namespace ringmaker::model
