// TreeArrays: an ensemble as flat arrays, which is how a model file holds it.
//
// One entry a tree, a node or a leaf; docs/model_format.md names each. Thresholds, leaves and base
// values are float32 where the ensemble is, and float64 otherwise. A file is written from lists,
// and read from views of its bytes, so that nothing is copied between.
#pragma once

#include "base/result.h"
#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::model {

template <template <class> class List>
struct TreeArraysOf {
  List<uint32_t> trees;     // trees x 5: node_begin, node_count, leaf_begin, leaf_count, output
  List<uint32_t> rounds;    // TreeEnsemble::round_begins
  List<int32_t> children;   // nodes x 2: left, right
  List<uint32_t> features;  // nodes
  List<uint8_t> questions;  // nodes: see question_of() in the source
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

[[nodiscard]] TreeArrays arrays_of(const TreeEnsemble& ensemble);
[[nodiscard]] TreeArrayViews views_of(const TreeArrays& arrays);

/// `shape` has features, outputs, leaf_width and precision; everything else comes from the arrays.
/// kCorrupt where their lengths disagree; validate_trees() has yet to look at what they say.
[[nodiscard]] base::Result<TreeEnsemble> ensemble_of(TreeEnsemble shape,
                                                     const TreeArrayViews& arrays);

}  // namespace ringmaker::model
