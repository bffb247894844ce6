// TreeArrays: an ensemble as flat arrays, which is how a model file holds it.
//
// One entry a tree, a node or a leaf; docs/model_format.md names each. Thresholds, leaves and base
// values are float32 where the ensemble is, and float64 otherwise.
#pragma once

#include "base/result.h"
#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <vector>

namespace ringmaker::model {

struct TreeArrays {
  std::vector<uint32_t> trees;  // trees x 5: node_begin, node_count, leaf_begin, leaf_count, output
  std::vector<uint32_t> rounds;    // TreeEnsemble::round_begins
  std::vector<int32_t> children;   // nodes x 2: left, right
  std::vector<uint32_t> features;  // nodes
  std::vector<uint8_t> questions;  // nodes: see question_of() in the source
  std::vector<float> thresholds_f32;
  std::vector<double> thresholds_f64;
  std::vector<uint32_t> categories;      // nodes x 2: begin, end; empty where no node has any
  std::vector<uint32_t> category_words;  // TreeEnsemble::category_words
  std::vector<float> leaves_f32;         // leaves x leaf_width
  std::vector<double> leaves_f64;
  std::vector<double> linear_constants;  // LinearLeaves
  std::vector<uint32_t> linear_begins;
  std::vector<uint32_t> linear_features;
  std::vector<double> linear_coefficients;
  std::vector<uint32_t> leaf_ids;
  std::vector<double> base_values;
  std::vector<float> node_covers;
  std::vector<float> leaf_covers;
};

[[nodiscard]] TreeArrays arrays_of(const TreeEnsemble& ensemble);

/// `shape` has features, outputs, leaf_width and precision; everything else comes from the arrays.
/// kCorrupt where their lengths disagree; validate_trees() has yet to look at what they say.
[[nodiscard]] base::Result<TreeEnsemble> ensemble_of(TreeEnsemble shape, TreeArrays arrays);

}  // namespace ringmaker::model
