#include "bench/trees/random_trees.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::bench {
namespace {

using model::Tree;
using model::TreeEnsemble;
using model::TreeNode;

/// A leaf of a tree that is being grown, and the values that reach it.
struct Open {
  int32_t parent;
  bool right;
  size_t depth;
};

/// Splits any open leaf until there are enough: at random, or in order where the depth is limited.
void grow_tree(const TreeShape& shape, base::Random& random, TreeEnsemble& ensemble) {
  Tree tree{.node_begin = static_cast<uint32_t>(ensemble.nodes.size()),
            .leaf_begin = static_cast<uint32_t>(ensemble.leaf_values.size())};
  std::vector<Open> open{{-1, false, 0}};
  const auto attach = [&](const Open& at, int32_t child) {
    if (at.parent >= 0) {
      TreeNode& parent = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(at.parent)];
      (at.right ? parent.right : parent.left) = child;
    }
  };
  while (open.size() < shape.leaves) {
    const size_t pick = shape.depth_max > 0 ? 0 : random.below(open.size());
    const Open at = open[pick];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
    const auto id = static_cast<int32_t>(tree.node_count++);
    attach(at, id);
    const double value = random.uniform();
    const auto steps = static_cast<double>(shape.thresholds);
    ensemble.nodes.push_back(
        {.feature = static_cast<uint32_t>(random.below(shape.features)),
         .missing_left = random.chance(0.5),
         .threshold = static_cast<double>(static_cast<float>(
             shape.thresholds == 0 ? value : std::ceil(value * steps) / (steps + 1)))});
    open.push_back({id, false, at.depth + 1});
    open.push_back({id, true, at.depth + 1});
  }
  for (const Open& at : open) {
    attach(at, ~static_cast<int32_t>(tree.leaf_count++));
    ensemble.leaf_values.push_back(static_cast<double>(static_cast<float>(random.uniform() - 0.5)));
  }
  ensemble.trees.push_back(tree);
}

}  // namespace

TreeEnsemble random_trees(const TreeShape& shape) {
  base::Random random(1);
  TreeEnsemble ensemble;
  ensemble.features = shape.features;
  ensemble.base_values = {0};
  for (size_t t = 0; t < shape.trees; ++t) {
    grow_tree(shape, random, ensemble);
  }
  return ensemble;
}

std::vector<float> random_rows(size_t rows, size_t features) {
  base::Random random(2);
  std::vector<float> values(rows * features);
  std::ranges::generate(values, [&] { return static_cast<float>(random.uniform()); });
  return values;
}

}  // namespace ringmaker::bench
