// Small ensembles that the tests of trees share.
#pragma once

#include "model/model.h"
#include "model/tree/tree_ensemble.h"

namespace ringmaker::model {

/// One tree of two features: x0 < 1 ? (x1 in {1, 3} ? 10 : 20) : 30, missing values to the left;
/// then a tree of one leaf that adds 0.5.
inline TreeEnsemble small_trees() {
  TreeEnsemble trees;
  trees.features = 2;
  trees.base_values = {100};
  trees.nodes = {{.left = 1, .right = ~2, .feature = 0, .missing_left = true, .threshold = 1},
                 {.left = ~0,
                  .right = ~1,
                  .feature = 1,
                  .decision = Decision::kCategories,
                  .missing_left = true,
                  .members_left = true,
                  .category_begin = 0,
                  .category_end = 1}};
  trees.category_words = {0b1010};
  trees.leaf_values = {10, 20, 30, 0.5};
  trees.leaf_ids = {3, 4, 2, 0};
  trees.trees = {{.node_begin = 0, .node_count = 2, .leaf_begin = 0, .leaf_count = 3},
                 {.node_begin = 2, .node_count = 0, .leaf_begin = 3, .leaf_count = 1}};
  trees.round_begins = {0, 1, 2};
  trees.node_covers = {6, 4};
  trees.leaf_covers = {1, 3, 2, 6};
  return trees;
}

inline Model model_of(TreeEnsemble trees) {
  Model model;
  for (size_t j = 0; j < trees.features; ++j) {
    model.schema.feature_names.push_back("f" + std::to_string(j));
  }
  TreeParameters parameters{.objective = "reg:squarederror", .rounds = trees.rounds()};
  parameters.ensemble = std::move(trees);
  model.parameters = std::move(parameters);
  return model;
}

}  // namespace ringmaker::model
