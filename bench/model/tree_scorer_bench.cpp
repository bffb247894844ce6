// Tree ensembles: nanoseconds a row and tree, by shape, rows a call and instruction set. Every call
// gets other rows: on the same ones a branch predictor learns a forest by heart.
#include "bench/trees/random_trees.h"
#include "model/tree/tree_scorer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ringmaker::model {
namespace {

/// range(0) rows a call, range(1) instruction set.
void score(benchmark::State& state, const bench::TreeShape& shape) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto set = static_cast<base::InstructionSet>(state.range(1));
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const TreeScorer scorer(bench::random_trees(shape), set);
  const size_t rows_held = std::max<size_t>(4 * rows, 8192);
  const std::vector<float> values = bench::random_rows(rows_held, shape.features);
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

BENCHMARK_CAPTURE(score, 100_trees_of_depth_6, bench::kHundredOfDepthSix)->Apply(sizes);
BENCHMARK_CAPTURE(score, 100_trees_of_depth_6_100_features, bench::kHundredOfDepthSixWide)
    ->Apply(sizes);
BENCHMARK_CAPTURE(score, 500_trees_of_depth_8, bench::kFiveHundredOfDepthEight)->Apply(sizes);
BENCHMARK_CAPTURE(score, 1000_trees_of_31_leaves, bench::kThousandOfThirtyOneLeaves)->Apply(sizes);
BENCHMARK_CAPTURE(score, forest_of_100_deep_trees, bench::kDeepForest)->Apply(sizes);

}  // namespace
}  // namespace ringmaker::model
