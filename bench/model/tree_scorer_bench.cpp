// Tree ensembles: nanoseconds a row and tree, by shape, rows a call and instruction set. Every call
// gets other rows: on the same ones a branch predictor learns a forest by heart.
#include "base/random.h"
#include "model/tree/tree_scorer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ringmaker::model {
namespace {

struct Shape {
  size_t trees;
  size_t features;
  size_t leaves;      // of a tree
  size_t depth_max;   // 0: none
  size_t thresholds;  // of a feature; 0: one for each node
};

constexpr Shape kHundredOfDepthSix{100, 30, 64, 6, 200};
constexpr Shape kHundredOfDepthSixWide{100, 100, 64, 6, 200};
constexpr Shape kFiveHundredOfDepthEight{500, 30, 256, 8, 255};
constexpr Shape kThousandOfThirtyOneLeaves{1000, 30, 31, 0, 255};
constexpr Shape kDeepForest{100, 30, 6000, 0, 0};

/// A leaf of a tree that is being grown, and the values that reach it.
struct Open {
  int32_t parent;
  bool right;
  size_t depth;
};

/// Splits any open leaf until there are enough: at random, or in order where the depth is limited.
void grow_tree(const Shape& shape, base::Random& random, TreeEnsemble& ensemble) {
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

TreeEnsemble grow(const Shape& shape) {
  base::Random random(1);
  TreeEnsemble ensemble;
  ensemble.features = shape.features;
  ensemble.base_values = {0};
  for (size_t t = 0; t < shape.trees; ++t) {
    grow_tree(shape, random, ensemble);
  }
  return ensemble;
}

/// range(0) rows a call, range(1) instruction set.
void score(benchmark::State& state, const Shape& shape) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto set = static_cast<base::InstructionSet>(state.range(1));
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const TreeScorer scorer(grow(shape), set);
  const size_t rows_held = std::max<size_t>(4 * rows, 8192);
  base::Random random(2);
  std::vector<float> values(rows_held * shape.features);
  std::ranges::generate(values, [&] { return static_cast<float>(random.uniform()); });
  std::vector<float> raw(rows);
  size_t first = 0;
  for (auto _ : state) {
    std::ranges::fill(raw, 0.0F);
    scorer.score({values.data() + first * shape.features, rows, shape.features},
                 {raw.data(), rows, 1});
    benchmark::DoNotOptimize(raw.data());
    first = first + 2 * rows > rows_held ? 0 : first + rows;
  }
  const auto limit = static_cast<float>(shape.trees) / 2;
  if (!std::ranges::all_of(raw, [&](float sum) { return std::fabs(sum) <= limit && sum != 0; })) {
    state.SkipWithError("wrong sum");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["ns/row/tree"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(rows) *
                             static_cast<double>(shape.trees) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetLabel(std::string(base::name(set)) + ", " + scorer.plan());
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const auto set : {base::InstructionSet::kPortable, base::InstructionSet::kAvx2,
                         base::InstructionSet::kAvx512}) {
    for (const int rows : {1, 16, 64, 4096}) {
      bench->Args({rows, static_cast<int>(set)});
    }
  }
}

BENCHMARK_CAPTURE(score, 100_trees_of_depth_6, kHundredOfDepthSix)->Apply(sizes);
BENCHMARK_CAPTURE(score, 100_trees_of_depth_6_100_features, kHundredOfDepthSixWide)->Apply(sizes);
BENCHMARK_CAPTURE(score, 500_trees_of_depth_8, kFiveHundredOfDepthEight)->Apply(sizes);
BENCHMARK_CAPTURE(score, 1000_trees_of_31_leaves, kThousandOfThirtyOneLeaves)->Apply(sizes);
BENCHMARK_CAPTURE(score, forest_of_100_deep_trees, kDeepForest)->Apply(sizes);

}  // namespace
}  // namespace ringmaker::model
