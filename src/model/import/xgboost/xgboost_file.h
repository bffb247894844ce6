// XgboostFile: what a model file of XGBoost says, the same for each of its formats.
//
// Readers fill it in whatever order the file has; model_of() in xgboost_model.h then puts it
// together. Trees are translated as they come (xgboost_tree.h) and never kept twice.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::model {

/// The attribute best_iteration of a model that xgb.train() has added no round to.
inline constexpr std::string_view kBeforeFirstRound = "-1";

struct XgboostFile {
  uint64_t version[3] = {0, 0, 0};
  bool patch_known = true;  // binary files tell no third number
  /// A field that the format must have and the file has not; empty: there is none.
  std::string_view missing;
  bool base_is_margin = false;  // before 1.0: base_score is no prediction
  std::vector<std::string> feature_names;
  std::vector<std::string> feature_types;
  /// Of each feature, since 3.1: code = position; empty for numbers.
  std::vector<std::vector<std::string>> category_names;
  std::optional<uint64_t> best_iteration;    // counts from 0
  std::optional<uint64_t> best_ntree_limit;  // before 2.0: trees of one output
  std::vector<float> base_scores;            // one, or one an output
  uint64_t features = 0;
  uint64_t classes = 0;
  uint64_t targets = 0;
  std::string objective;
  std::vector<std::string> quantiles;  // reg:quantileerror, reg:expectileerror
  std::string booster;                 // gbtree, dart, gblinear
  uint64_t parallel_trees = 1;
  std::optional<uint64_t> trees_told;  // gbtree_model_param.num_trees
  std::vector<uint32_t> tree_outputs;  // tree_info
  std::vector<uint32_t> round_begins;  // iteration_indptr, since 2.0
  std::vector<float> tree_weights;     // dart
  std::vector<float> linear_weights;   // gblinear: (features + 1) x outputs, the bias last
  std::vector<double> gains;           // by feature, as far as splits tell
  bool covers_known = true;            // every tree has them
  TreeEnsemble ensemble;               // trees, nodes, leaves, categories
};

}  // namespace ringmaker::model
