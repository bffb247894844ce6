// TreesView: an ensemble as who reads it sees it, whether it is held as lists or lies in a file.
//
// A model of our own is scored from layouts that are made once, as it is loaded. Lists of its nodes
// would be read once each, and cost more than all that is read: fresh memory.
#pragma once

#include "model/tree/tree_arrays.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringmaker::model {

/// Read one by one.
class NodesView {
 public:
  explicit NodesView(const TreeEnsemble& ensemble) noexcept
      : count_(ensemble.filed ? ensemble.filed->arrays.features.size() : ensemble.nodes.size()),
        listed_(ensemble.filed ? nullptr : ensemble.nodes.data()),
        filed_(ensemble.filed ? ensemble.filed->arrays : TreeArrayViews()) {}

  [[nodiscard]] size_t size() const noexcept { return count_; }
  [[nodiscard]] TreeNode operator[](size_t n) const noexcept {
    return listed_ != nullptr ? listed_[n] : node_of(filed_, n);
  }
  /// Calls `use` with what gives a node by its number, one of lists or one of files: for loops
  /// over many nodes, of which only few members are looked at.
  template <class Use>
  void with_access(Use&& use) const {
    if (listed_ != nullptr) {
      use([listed = listed_](size_t n) -> const TreeNode& { return listed[n]; });
    } else {
      use([filed = filed_](size_t n) { return node_of(filed, n); });
    }
  }
  [[nodiscard]] int32_t left(size_t n) const noexcept {
    return listed_ != nullptr ? listed_[n].left : filed_.children[2 * n];
  }
  [[nodiscard]] int32_t right(size_t n) const noexcept {
    return listed_ != nullptr ? listed_[n].right : filed_.children[2 * n + 1];
  }

 private:
  size_t count_;
  const TreeNode* listed_;  // or null
  TreeArrayViews filed_;
};

/// Numbers that a file may hold as float32.
class LeafValuesView {
 public:
  explicit LeafValuesView(const TreeEnsemble& ensemble) noexcept
      : doubles_(ensemble.filed ? ensemble.filed->arrays.leaves_f64
                                : std::span<const double>(ensemble.leaf_values)),
        floats_(ensemble.filed ? ensemble.filed->arrays.leaves_f32 : std::span<const float>()) {}

  [[nodiscard]] size_t size() const noexcept { return doubles_.size() + floats_.size(); }
  [[nodiscard]] double operator[](size_t i) const noexcept {
    return floats_.empty() ? doubles_[i] : static_cast<double>(floats_[i]);
  }

 private:
  // One of the two is empty.
  std::span<const double> doubles_;
  std::span<const float> floats_;
};

/// Members are called and mean what those of the ensemble do, which outlives its views.
struct TreesView {
  // NOLINTNEXTLINE(google-explicit-constructor): it is what the ensemble is to its readers.
  TreesView(const TreeEnsemble& ensemble) noexcept
      : features(ensemble.features),
        outputs(ensemble.outputs),
        leaf_width(ensemble.leaf_width),
        precision(ensemble.precision),
        trees(ensemble.trees),
        nodes(ensemble),
        leaf_values(ensemble),
        linear_leaves(ensemble.linear_leaves),
        base_values(ensemble.base_values),
        category_words(ensemble.category_words),
        leaf_ids(ensemble.filed ? ensemble.filed->arrays.leaf_ids
                                : std::span<const uint32_t>(ensemble.leaf_ids)),
        round_begins(ensemble.round_begins),
        node_covers(ensemble.filed ? ensemble.filed->arrays.node_covers
                                   : std::span<const float>(ensemble.node_covers)),
        leaf_covers(ensemble.filed ? ensemble.filed->arrays.leaf_covers
                                   : std::span<const float>(ensemble.leaf_covers)) {}

  size_t features;
  size_t outputs;
  size_t leaf_width;
  Precision precision;
  const std::vector<Tree>& trees;
  NodesView nodes;
  LeafValuesView leaf_values;
  const LinearLeaves& linear_leaves;
  const std::vector<double>& base_values;
  const std::vector<uint32_t>& category_words;
  std::span<const uint32_t> leaf_ids;
  const std::vector<uint32_t>& round_begins;
  std::span<const float> node_covers;
  std::span<const float> leaf_covers;
};

}  // namespace ringmaker::model
