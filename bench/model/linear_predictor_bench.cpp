// Linear models: rows scored a second, by width, rows a call and instruction set.
#include "base/random.h"
#include "model/linear/linear_predictor.h"

#include <benchmark/benchmark.h>

#include <cmath>

namespace ringmaker::model {
namespace {

Model make_model(size_t features, Link link) {
  base::Random random(1);
  Model model;
  LinearParameters linear{.link = link, .outputs = 1, .weights = {}, .bias = {0.25}, .fill = {}};
  for (size_t j = 0; j < features; ++j) {
    model.schema.feature_names.push_back("x" + std::to_string(j));
    linear.weights.push_back(static_cast<float>(random.uniform() - 0.5));
    linear.fill.push_back(static_cast<float>(random.uniform()));
  }
  if (link == Link::kLogistic) {
    model.output = {.task = data::Task::kBinary, .class_names = {"0", "1"}};
  }
  model.parameters = std::move(linear);
  return model;
}

/// range(0) features, range(1) rows a call, range(2) instruction set.
void predict(benchmark::State& state, Link link) {
  const auto features = static_cast<size_t>(state.range(0));
  const auto rows = static_cast<size_t>(state.range(1));
  const auto set = static_cast<base::InstructionSet>(state.range(2));
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const auto predictor = compile(make_model(features, link), set);
  // Every call gets other rows.
  constexpr size_t kBlocks = 16;
  base::Random random(2);
  std::vector<float> values(features * rows * kBlocks);
  for (float& value : values) {
    value = static_cast<float>(random.uniform());
  }
  std::vector<float> scores(rows);
  size_t block = 0;
  for (auto _ : state) {
    (*predictor)
        ->predict({values.data() + block * rows * features, rows, features},
                  {scores.data(), rows, 1});
    benchmark::DoNotOptimize(scores.data());
    block = (block + 1) % kBlocks;
  }
  for (const float score : scores) {
    if (!std::isfinite(score) || score == 0) {
      state.SkipWithError("wrong score");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
  state.SetBytesProcessed(state.iterations() * state.range(1) * state.range(0) * 4);
  state.SetLabel(std::string(base::name(set)));
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const auto set : {base::InstructionSet::kPortable, base::InstructionSet::kAvx2,
                         base::InstructionSet::kAvx512}) {
    for (const int features : {13, 30, 100}) {
      for (const int rows : {1, 64}) {
        bench->Args({features, rows, static_cast<int>(set)});
      }
    }
  }
}

BENCHMARK_CAPTURE(predict, identity, Link::kIdentity)->Apply(sizes);
BENCHMARK_CAPTURE(predict, logistic, Link::kLogistic)->Apply(sizes);

}  // namespace
}  // namespace ringmaker::model
