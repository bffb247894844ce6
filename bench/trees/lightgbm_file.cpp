#include "bench/trees/model_files.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

namespace ringmaker::bench {
namespace {

/// Bits of decision_type: missing values go left; NaN is what is missing.
constexpr int kDefaultLeft = 2;
constexpr int kMissingNan = 8;

std::string tree_text(const model::TreeEnsemble& ensemble, size_t t) {
  const model::Tree& tree = ensemble.trees[t];
  std::vector<uint32_t> features;
  std::vector<double> thresholds;
  std::vector<int> decisions;
  std::vector<int32_t> left;
  std::vector<int32_t> right;
  std::vector<double> leaves;
  for (uint32_t i = 0; i < tree.node_count; ++i) {
    const model::TreeNode& node = ensemble.nodes[tree.node_begin + i];
    const auto threshold = static_cast<float>(node.threshold);
    features.push_back(node.feature);
    thresholds.push_back(
        static_cast<double>(std::nextafter(threshold, -std::numeric_limits<float>::infinity())));
    decisions.push_back(kMissingNan + (node.missing_left ? kDefaultLeft : 0));
    left.push_back(node.left);
    right.push_back(node.right);
  }
  leaves.reserve(tree.leaf_count);
  for (uint32_t leaf = 0; leaf < tree.leaf_count; ++leaf) {
    leaves.push_back(ensemble.leaf_values[tree.leaf_begin + leaf]);
  }
  const std::vector<int> node_ones(tree.node_count, 1);
  const std::vector<int> leaf_ones(tree.leaf_count, 1);
  std::string text = fmt::format("Tree={}\nnum_leaves={}\nnum_cat=0\n", t, tree.leaf_count);
  const auto line = [&](std::string_view name, const auto& values) {
    fmt::format_to(std::back_inserter(text), "{}={}\n", name, fmt::join(values, " "));
  };
  line("split_feature", features);
  line("split_gain", node_ones);
  line("threshold", thresholds);
  line("decision_type", decisions);
  line("left_child", left);
  line("right_child", right);
  line("leaf_value", leaves);
  line("leaf_weight", leaf_ones);
  line("leaf_count", leaf_ones);
  line("internal_value", node_ones);
  line("internal_weight", node_ones);
  line("internal_count", node_ones);
  text += "is_linear=0\nshrinkage=1\n\n\n";
  return text;
}

}  // namespace

std::string lightgbm_text(const model::TreeEnsemble& ensemble) {
  std::vector<std::string> names;
  names.reserve(ensemble.features);
  for (size_t f = 0; f < ensemble.features; ++f) {
    names.push_back(fmt::format("f{}", f));
  }
  std::string trees;
  std::vector<size_t> sizes;
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    const size_t before = trees.size();
    trees += tree_text(ensemble, t);
    sizes.push_back(trees.size() - before);
  }
  return fmt::format(
      "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
      "max_feature_idx={}\nobjective=regression\nfeature_names={}\nfeature_infos={}\n"
      "tree_sizes={}\n\n{}end of trees\n\nfeature_importances:\n\nparameters:\n"
      "end of parameters\n\npandas_categorical:null\n",
      ensemble.features - 1, fmt::join(names, " "),
      fmt::join(std::vector<std::string>(ensemble.features, "[0:1]"), " "), fmt::join(sizes, " "),
      trees);
}

}  // namespace ringmaker::bench
