// PlainTrees: tree ensembles as ONNX has them, with all that our own trees do not know: a question
// of any kind in each node, leaves with values for some targets or for none, least and greatest
// values instead of sums, membership of sets of numbers.
//
// They can be walked, row by row. Those that say nothing our trees cannot say become a
// TreeEnsemble, which the fast kernels score.
#pragma once

#include "base/result.h"
#include "data/narrowing.h"
#include "model/graph/graph_features.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ringmaker::model {

enum class SplitMode : uint8_t {
  kLessEqual,
  kLess,
  kGreaterEqual,
  kGreater,
  kEqual,
  kNotEqual,
  kMember,
};

enum class Aggregation : uint8_t { kAverage, kSum, kLeast, kGreatest };

struct PlainTrees {
  struct Node {
    SplitMode mode = SplitMode::kLessEqual;
    bool missing_yes = false;  // NaN takes the yes side; else it is compared, which is false
    uint32_t feature = 0;
    double threshold = 0;
    /// Not negative: a node; negative: the leaf ~yes (~no).
    int32_t yes = 0;
    int32_t no = 0;
    /// kMember: members[begin, end).
    uint32_t members_begin = 0;
    uint32_t members_end = 0;
  };
  struct Entry {
    uint32_t target = 0;
    double weight = 0;
  };

  size_t features = 0;
  size_t targets = 1;
  Aggregation aggregation = Aggregation::kSum;
  std::vector<int32_t> roots = {};  // as Node::yes
  std::vector<Node> nodes = {};
  std::vector<double> members = {};
  /// Leaf l has entries[leaf_begins[l], leaf_begins[l + 1]).
  std::vector<uint32_t> leaf_begins{0};
  std::vector<Entry> entries = {};

  [[nodiscard]] size_t leaves() const noexcept { return leaf_begins.size() - 1; }
};

/// Children are there and are reached once, features and targets lie in range, no threshold and no
/// weight is NaN. kInvalidInput.
[[nodiscard]] base::Result<void> validate(const PlainTrees& trees);

/// The aggregate of all trees, of each target in sums[target]; of a target that no leaf speaks of,
/// 0. `reached` is memory for one flag a target.
template <class T>
void walk(const PlainTrees& trees, const T* row, T* sums, int64_t* reached) noexcept;

/// The same trees for kernels that sum float32; nothing where they cannot say it. Averages are left
/// to be divided.
[[nodiscard]] std::optional<TreeEnsemble> ensemble_of(const PlainTrees& trees);

/// Adds the cuts that trees make through features, of which `first` is theirs.
void add_cuts(const PlainTrees& trees, size_t first, GraphFeatures& features);
/// The trees whose walks go the same way for rows that `narrowing` made.
[[nodiscard]] PlainTrees narrowed(PlainTrees trees, size_t first, const data::Narrowing& narrowing);

}  // namespace ringmaker::model
