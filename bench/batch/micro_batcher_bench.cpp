// The micro-batcher: what sharing one call costs beside the call itself.
#include "base/clock.h"
#include "base/random.h"
#include "batch/micro_batcher.h"
#include "model/linear/linear_predictor.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace ringmaker::batch {
namespace {

constexpr size_t kFeatures = 30;

model::Model make_model() {
  base::Random random(1);
  model::Model model;
  model::LinearParameters linear{
      .link = model::Link::kIdentity, .outputs = 1, .weights = {}, .bias = {0.25}, .fill = {}};
  for (size_t j = 0; j < kFeatures; ++j) {
    model.schema.feature_names.push_back("x" + std::to_string(j));
    linear.weights.push_back(static_cast<float>(random.uniform() - 0.5));
    linear.fill.push_back(0);
  }
  model.parameters = std::move(linear);
  return model;
}

class SumSink final : public BatchSink {
 public:
  void on_late(void* /*owner*/) override {}
  void on_scored(void* owner, data::DenseView scores, const BatchTimes& /*times*/) override {
    ++*static_cast<size_t*>(owner);
    sum += scores.values[0];
  }
  double sum = 0;
};

/// range(0) requests of range(1) rows each share a batch; rows are copied in, as a decoder would
/// write them.
void share(benchmark::State& state) {
  const auto requests = static_cast<size_t>(state.range(0));
  const auto rows = static_cast<size_t>(state.range(1));
  const auto predictor = model::compile(make_model(), base::detect_instruction_set());
  MicroBatcher batcher(**predictor, {.rows_max = 1024});
  ScoringRate rate;
  rate.record(1, 100);  // of an unknown model a first call would be a short one
  SumSink sink;
  const base::SystemClock clock;
  base::Random random(2);
  std::vector<float> values(requests * rows * kFeatures);
  for (float& value : values) {
    value = static_cast<float>(random.uniform());
  }
  size_t answered = 0;
  for (auto _ : state) {
    for (size_t request = 0; request < requests; ++request) {
      data::BlockWriter writer = batcher.writer();
      for (size_t row = 0; row < rows; ++row) {
        const float* from = values.data() + (request * rows + row) * kFeatures;
        std::copy(from, from + kFeatures, writer.row());
        writer.commit_row();
      }
      batcher.commit(writer, &answered, 0);
    }
    batcher.run(sink, rate, ScoringRate::kTurnNs, [&clock] { return clock.now_ns(); });
  }
  if (answered != state.iterations() * requests || !std::isfinite(sink.sum)) {
    state.SkipWithError("not every request was answered");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(values.size() * sizeof(float)));
}

BENCHMARK(share)->Args({1, 1})->Args({2, 1})->Args({16, 1})->Args({64, 1})->Args({4, 64});

}  // namespace
}  // namespace ringmaker::batch
