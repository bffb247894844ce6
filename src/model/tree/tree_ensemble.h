// TreeEnsemble: decision trees in plain form, the same whichever library grew them.
//
// Importers and learners translate into it, and a scorer is compiled from it. It keeps what a
// library's answer depends on: the order of the trees, the width of the sums, which side a value on
// a threshold takes, where a missing value and an unknown category go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ringmaker::model {

/// How a node looks at its feature.
enum class Decision : uint8_t {
  kLess,        // left when x < threshold
  kLessEqual,   // left when x <= threshold
  kEqual,       // left when x == threshold
  kCategories,  // by membership of a category code in a set
};

/// Which values take a node's missing side without being compared.
enum class Missing : uint8_t {
  kNan,        // NaN
  kNanOrZero,  // NaN and |x| <= 1.0000000180025095e-35
  kNone,       // none: NaN is read as 0
};

/// One node. Only ids count: children need not follow their parent or each other, and a node that
/// the root does not reach scores nothing.
struct TreeNode {
  /// Not negative: a node of the same tree. Negative: the leaf ~left (~right) of the same tree.
  int32_t left = -1;
  int32_t right = -1;
  uint32_t feature = 0;
  Decision decision = Decision::kLess;
  Missing missing = Missing::kNan;
  // Bits, so that a node is 32 bytes: a large model has millions of them while it is loaded.
  bool missing_left : 1 = false;
  /// kCategories: members of the set go left, all others right; false: the other way round.
  bool members_left : 1 = false;
  /// kCategories: a value below 0 is no member (XGBoost); false: it is truncated first, so that
  /// -0.5 is code 0 (LightGBM).
  bool sign_first : 1 = false;
  /// Unused by kCategories. A float32 threshold is stored exactly.
  double threshold = 0;
  /// kCategories: the set is category_words[category_begin, category_end) of the ensemble: code c
  /// is a member when bit c % 32 of word c / 32 is set. A value is truncated towards zero to its
  /// code; a code that is negative or lies beyond the words is no member. sign_first asks before.
  uint32_t category_begin = 0;
  uint32_t category_end = 0;
};
static_assert(sizeof(TreeNode) == 32);

/// A tree is a slice of the ensemble's nodes and leaves; ids in its nodes count from those slices.
/// node_count == 0: a single leaf, which every row reaches.
struct Tree {
  uint32_t node_begin = 0;
  uint32_t node_count = 0;  // node 0 is the root
  uint32_t leaf_begin = 0;
  uint32_t leaf_count = 0;  // at least 1
  /// Which output the tree adds to; 0 where leaf_width > 1.
  uint32_t output = 0;
};

/// The precision in which values are compared and leaves are summed.
enum class Precision : uint8_t { kFloat32, kFloat64 };

/// Leaves that are linear functions, of ensembles whose leaf_width is 1. A row adds, in this order,
///   constants[leaf] + coefficients[i] * x[features[i]] + ..., i from term_begins[leaf] to
///   term_begins[leaf + 1],
/// or leaf_values[leaf] where one of these x is NaN.
struct LinearLeaves {
  std::vector<double> constants = {};
  std::vector<uint32_t> term_begins = {};  // one more than there are leaves; from 0, never falling
  std::vector<uint32_t> features = {};
  std::vector<double> coefficients = {};

  [[nodiscard]] bool empty() const noexcept { return constants.empty(); }
};

struct FiledTrees;

struct TreeEnsemble {
  size_t features = 0;
  size_t outputs = 1;
  /// Values that a leaf adds: 1, to its tree's output, or one for each output.
  size_t leaf_width = 1;
  Precision precision = Precision::kFloat32;
  /// A value not farther than 1.0000000180025095e-35 from 0 is read as 0, everywhere.
  bool tiny_is_zero = false;
  /// Trees in the order in which their leaves are added, after base_values, in `precision`:
  /// raw[k] = base_values[k] + leaf of tree 0 + leaf of tree 1 + ...
  std::vector<Tree> trees;
  std::vector<TreeNode> nodes;
  /// leaf_values[(tree.leaf_begin + leaf) * leaf_width + j]; float32 values are stored exactly.
  std::vector<double> leaf_values;
  LinearLeaves linear_leaves;       // empty: leaves are their values
  std::vector<double> base_values;  // one an output
  std::vector<uint32_t> category_words;
  /// What the library calls each leaf: a node id in XGBoost. Empty: leaves are called by their
  /// number within the tree, as in LightGBM.
  std::vector<uint32_t> leaf_ids;
  /// Round r is trees[round_begins[r], round_begins[r + 1]): from 0, never falling, the last entry
  /// is the number of trees.
  std::vector<uint32_t> round_begins;
  /// How much of the training data (a sum of hessians, or a count of rows) came past each node and
  /// to each leaf; contributions weigh by it. Both empty where the file does not tell.
  std::vector<float> node_covers;
  std::vector<float> leaf_covers;
  /// Set: nodes, leaf values and ids, and covers lie in a model file, and the lists here are empty.
  /// TreesView reads both, and unfiled() (tree_arrays.h) makes lists of them.
  std::shared_ptr<const FiledTrees> filed = {};

  [[nodiscard]] size_t rounds() const noexcept {
    return round_begins.empty() ? 0 : round_begins.size() - 1;
  }
};

}  // namespace ringmaker::model
