// TreeArrays: an ensemble as flat arrays, which is how a model file holds it.
//
// One entry a tree, a node or a leaf; docs/model_format.md names each. Thresholds, leaves and base
// values are float32 where the ensemble is, and float64 otherwise. A file is written from lists,
// and read from views of its bytes, so that nothing is copied between.
#pragma once

#include "base/result.h"
#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ringmaker::model {

template <template <class> class List>
struct TreeArraysOf {
  List<uint32_t> trees;     // trees x 5: node_begin, node_count, leaf_begin, leaf_count, output
  List<uint32_t> rounds;    // TreeEnsemble::round_begins
  List<int32_t> children;   // nodes x 2: left, right
  List<uint32_t> features;  // nodes
  List<uint8_t> questions;  // nodes: see question_of()
  List<float> thresholds_f32;
  List<double> thresholds_f64;
  List<uint32_t> categories;      // nodes x 2: begin, end; empty where no node has any
  List<uint32_t> category_words;  // TreeEnsemble::category_words
  List<float> leaves_f32;         // leaves x leaf_width
  List<double> leaves_f64;
  List<double> linear_constants;  // LinearLeaves
  List<uint32_t> linear_begins;
  List<uint32_t> linear_features;
  List<double> linear_coefficients;
  List<uint32_t> leaf_ids;
  List<double> base_values;
  List<float> node_covers;
  List<float> leaf_covers;
};

template <class T>
using ListOf = std::vector<T>;
template <class T>
using ViewOf = std::span<const T>;

using TreeArrays = TreeArraysOf<ListOf>;
using TreeArrayViews = TreeArraysOf<ViewOf>;

/// Arrays where they lie in a file.
struct FiledTrees {
  TreeArrayViews arrays;  // which fit each other, and whose nodes ask questions that are known
  std::shared_ptr<const void> file;
};

[[nodiscard]] TreeArrays arrays_of(const TreeEnsemble& ensemble);
[[nodiscard]] TreeArrayViews views_of(const TreeArrays& arrays);

/// `shape` has features, outputs, leaf_width and precision; everything else comes from the arrays.
/// kCorrupt where their lengths disagree; validate_trees() has yet to look at what they say.
/// `file` holds their memory, and the ensemble what it needs of it, filed; null: the ensemble has
/// lists of its own.
[[nodiscard]] base::Result<TreeEnsemble> ensemble_of(TreeEnsemble shape,
                                                     const TreeArrayViews& arrays,
                                                     std::shared_ptr<const void> file = nullptr);

/// The same ensemble with lists of its own, for who changes them.
[[nodiscard]] TreeEnsemble unfiled(TreeEnsemble ensemble);

// ---- As a file has them

/// Bits 0-1 decision, 2-3 missing, 4 missing_left, 5 members_left, 6 sign_first.
[[nodiscard]] inline uint8_t question_of(const TreeNode& node) noexcept {
  return static_cast<uint8_t>(static_cast<unsigned>(node.decision) |
                              static_cast<unsigned>(node.missing) << 2U |
                              (node.missing_left ? 16U : 0U) | (node.members_left ? 32U : 0U) |
                              (node.sign_first ? 64U : 0U));
}

/// Node `n` of arrays that fit each other.
[[nodiscard]] inline TreeNode node_of(const TreeArrayViews& arrays, size_t n) noexcept {
  const uint8_t question = arrays.questions[n];
  const bool categories = !arrays.categories.empty();
  return {.left = arrays.children[2 * n],
          .right = arrays.children[2 * n + 1],
          .feature = arrays.features[n],
          .decision = static_cast<Decision>(question & 3U),
          .missing = static_cast<Missing>((question >> 2U) & 3U),
          .missing_left = (question & 16U) != 0,
          .members_left = (question & 32U) != 0,
          .sign_first = (question & 64U) != 0,
          .threshold = arrays.thresholds_f64.empty() ? static_cast<double>(arrays.thresholds_f32[n])
                                                     : arrays.thresholds_f64[n],
          .category_begin = categories ? arrays.categories[2 * n] : 0,
          .category_end = categories ? arrays.categories[2 * n + 1] : 0};
}

}  // namespace ringmaker::model
