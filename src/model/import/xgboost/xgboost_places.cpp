#include "model/import/xgboost/xgboost_places.h"

#include <algorithm>
#include <iterator>

namespace ringmaker::model {
namespace {

using Place = XgboostPlace;

struct Step {
  Place from;
  std::string_view key;
  Place to;
};

constexpr Step kSteps[] = {
    {Place::kRoot, "learner", Place::kLearner},
    {Place::kRoot, "version", Place::kVersion},
    {Place::kRoot, "Model", Place::kRoot},  // "save with configuration" wraps it
    {Place::kLearner, "feature_names", Place::kFeatureNames},
    {Place::kLearner, "feature_types", Place::kFeatureTypes},
    {Place::kLearner, "attributes", Place::kAttributes},
    {Place::kLearner, "learner_model_param", Place::kLearnerParam},
    {Place::kLearner, "objective", Place::kObjective},
    {Place::kLearner, "gradient_booster", Place::kBooster},
    {Place::kAttributes, "best_iteration", Place::kBestIteration},
    {Place::kAttributes, "best_ntree_limit", Place::kBestTreeLimit},
    {Place::kLearnerParam, "base_score", Place::kBaseScore},
    {Place::kLearnerParam, "num_feature", Place::kFeatures},
    {Place::kLearnerParam, "num_class", Place::kClasses},
    {Place::kLearnerParam, "num_target", Place::kTargets},
    {Place::kObjective, "name", Place::kObjectiveName},
    {Place::kObjective, "quantile_loss_param", Place::kQuantileParam},
    {Place::kObjective, "expectile_loss_param", Place::kQuantileParam},
    {Place::kQuantileParam, "quantile_alpha", Place::kQuantiles},
    {Place::kQuantileParam, "expectile_alpha", Place::kQuantiles},
    {Place::kBooster, "name", Place::kBoosterName},
    {Place::kBooster, "model", Place::kModel},
    {Place::kBooster, "gbtree", Place::kDartTrees},
    {Place::kBooster, "weight_drop", Place::kTreeWeights},
    {Place::kDartTrees, "model", Place::kModel},
    {Place::kModel, "gbtree_model_param", Place::kModelParam},
    {Place::kModel, "tree_info", Place::kTreeInfo},
    {Place::kModel, "iteration_indptr", Place::kRounds},
    {Place::kModel, "cats", Place::kCats},
    {Place::kModel, "trees", Place::kTrees},
    {Place::kModel, "weights", Place::kLinearWeights},
    {Place::kModelParam, "num_parallel_tree", Place::kParallelTrees},
    {Place::kModelParam, "num_trees", Place::kTreesTold},
    {Place::kCats, "enc", Place::kAllCategories},
    {Place::kCategories, "offsets", Place::kCategoryOffsets},
    {Place::kCategories, "values", Place::kCategoryValues},
    {Place::kTree, "left_children", Place::kLeftChildren},
    {Place::kTree, "right_children", Place::kRightChildren},
    {Place::kTree, "split_indices", Place::kSplitIndices},
    {Place::kTree, "split_conditions", Place::kSplitConditions},
    {Place::kTree, "default_left", Place::kDefaultLeft},
    {Place::kTree, "split_type", Place::kSplitType},
    {Place::kTree, "categories", Place::kCategoryCodes},
    {Place::kTree, "categories_nodes", Place::kCategoryNodes},
    {Place::kTree, "categories_segments", Place::kCategorySegments},
    {Place::kTree, "categories_sizes", Place::kCategorySizes},
    {Place::kTree, "sum_hessian", Place::kSumHessian},
    {Place::kTree, "loss_changes", Place::kLossChanges},
    {Place::kTree, "base_weights", Place::kBaseWeights},
    {Place::kTree, "leaf_weights", Place::kLeafWeights},
    {Place::kTree, "tree_param", Place::kTreeParam},
    {Place::kTreeParam, "size_leaf_vector", Place::kLeafWidth},
    {Place::kTreeParam, "num_nodes", Place::kNodesTold},
};

}  // namespace

Place step(Place from, std::string_view key) noexcept {
  const auto* found = std::find_if(std::begin(kSteps), std::end(kSteps), [&](const Step& one) {
    return one.from == from && one.key == key;
  });
  return found == std::end(kSteps) ? Place::kSkip : found->to;
}

std::string_view group_of(Place place) noexcept {
  switch (place) {
    case Place::kAttributes:
      return "attributes.";
    case Place::kLearnerParam:
      return "learner_model_param.";
    case Place::kModelParam:
      return "gbtree_model_param.";
    case Place::kTreeParam:
      return "tree_param.";
    default:
      return "";
  }
}

Place element_of(Place list) noexcept {
  switch (list) {
    case Place::kTrees:
      return Place::kTree;
    case Place::kAllCategories:
      return Place::kCategories;
    default:
      return list;
  }
}

}  // namespace ringmaker::model
