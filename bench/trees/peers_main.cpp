// tree_peers: our predictor beside XGBoost's C API and, where RINGMAKER_ONNXRUNTIME names its
// library, ONNX Runtime; one thread each, the same trees and rows.
//
// Rounds go by turns, and the median of the rounds' ratios counts. Every call gets other rows.
#include "base/cpu.h"
#include "bench/model/onnx_runtime.h"
#include "bench/trees/model_files.h"
#include "bench/trees/random_trees.h"
#include "model/import/importer.h"
#include "model/model.h"

#include <fmt/core.h>
#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <limits>
#include <optional>

namespace ringmaker::bench {
namespace {

constexpr size_t kRowsHeld = 16384;
constexpr int kRounds = 9;
constexpr double kRoundSeconds = 0.04;
constexpr float kTolerance = 1e-4F;

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

[[noreturn]] void stop(std::string_view why) {
  std::cerr << why << '\n';
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread.
}

/// Scores rows; the answers stay until the next call.
class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual const float* score(data::DenseView rows) = 0;
};

class Ours final : public Engine {
 public:
  explicit Ours(const std::string& file) {
    auto model = model::import_model(std::as_bytes(std::span(file)));
    if (!model) {
      stop(model.error().message());
    }
    predictor_ = std::move(*model::compile(std::move(*model), base::detect_instruction_set()));
  }
  const float* score(data::DenseView rows) override {
    scores_.resize(rows.rows);
    predictor_->predict(rows, {scores_.data(), rows.rows, 1});
    return scores_.data();
  }

 private:
  std::unique_ptr<model::Predictor> predictor_;
  std::vector<float> scores_;
};

void check(int code) {
  if (code != 0) {
    stop(XGBGetLastError());
  }
}

class Booster {
 public:
  explicit Booster(const std::string& file) {
    check(XGBoosterCreate(nullptr, 0, &handle));
    check(XGBoosterLoadModelFromBuffer(handle, file.data(), file.size()));
    check(XGBoosterSetParam(handle, "nthread", "1"));
  }
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  ~Booster() { XGBoosterFree(handle); }

  BoosterHandle handle = nullptr;
};

/// The rows where they are, as the newer clients do.
class InPlace final : public Engine {
 public:
  explicit InPlace(const std::string& file) : booster_(file) {}
  const float* score(data::DenseView rows) override {
    static constexpr const char* kConfig =
        R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,)"
        R"("strict_shape":false,"missing":NaN,"cache_id":0})";
    const std::string array =
        fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                    reinterpret_cast<uintptr_t>(rows.values), rows.rows, rows.columns);
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* scores = nullptr;
    check(XGBoosterPredictFromDense(booster_.handle, array.c_str(), kConfig, nullptr, &shape,
                                    &dimensions, &scores));
    return scores;
  }

 private:
  Booster booster_;
};

/// A matrix made of the rows first, as SageMaker's container does.
class Matrix final : public Engine {
 public:
  explicit Matrix(const std::string& file) : booster_(file) {}
  const float* score(data::DenseView rows) override {
    DMatrixHandle matrix = nullptr;
    check(XGDMatrixCreateFromMat(rows.values, rows.rows, rows.columns,
                                 std::numeric_limits<float>::quiet_NaN(), &matrix));
    bst_ulong count = 0;
    const float* scores = nullptr;
    check(XGBoosterPredict(booster_.handle, matrix, 0, 0, 0, &count, &scores));
    check(XGDMatrixFree(matrix));
    return scores;
  }

 private:
  Booster booster_;
};

/// A graph of the same trees; its tensors lie over the rows.
class Graph final : public Engine {
 public:
  Graph(const OnnxRuntime& runtime, const std::string& file, std::vector<float>& values,
        size_t rows, size_t features)
      : values_(values),
        scores_(rows),
        session_(runtime, file, values, rows, features, OnnxSession::kFloat,
                 {static_cast<int64_t>(rows), 1}, scores_.data(), rows * sizeof(float)) {}
  const float* score(data::DenseView rows) override {
    session_.run(static_cast<size_t>(rows.values - values_.data()) / (rows.rows * rows.columns));
    return scores_.data();
  }

 private:
  const std::vector<float>& values_;
  std::vector<float> scores_;
  OnnxSession session_;
};

class Calls {
 public:
  Calls(size_t features, size_t rows)
      : values_(random_rows(kRowsHeld, features)), features_(features), rows_(rows) {}

  [[nodiscard]] std::vector<float>& values() noexcept { return values_; }

  [[nodiscard]] data::DenseView next() {
    const data::DenseView view{values_.data() + first_ * features_, rows_, features_};
    first_ = first_ + 2 * rows_ > kRowsHeld ? 0 : first_ + rows_;
    return view;
  }
  [[nodiscard]] size_t calls_of_a_round(Engine& engine) {
    const double begin = thread_seconds();
    size_t calls = 0;
    for (; thread_seconds() - begin < kRoundSeconds; ++calls) {
      static_cast<void>(engine.score(next()));
    }
    return std::max<size_t>(calls, 1);
  }
  [[nodiscard]] double seconds(Engine& engine, size_t calls) {
    const double begin = thread_seconds();
    for (size_t i = 0; i < calls; ++i) {
      static_cast<void>(engine.score(next()));
    }
    return (thread_seconds() - begin) / static_cast<double>(calls);
  }
  void compare(Engine& ours, Engine& theirs, std::string_view name) {
    const data::DenseView rows = next();
    const std::vector<float> expected(theirs.score(rows), theirs.score(rows) + rows.rows);
    const float* scores = ours.score(rows);
    for (size_t i = 0; i < rows.rows; ++i) {
      if (!(std::fabs(scores[i] - expected[i]) <= kTolerance)) {
        stop(fmt::format("we answer {}, {} {}", scores[i], name, expected[i]));
      }
    }
  }

 private:
  std::vector<float> values_;
  size_t features_;
  size_t rows_;
  size_t first_ = 0;
};

void race(std::string_view name, const TreeShape& shape) {
  const model::TreeEnsemble trees = random_trees(shape);
  const std::string file = xgboost_ubjson(trees);
  const std::string graph_file = onnx_graph(trees);
  Ours ours(file);
  InPlace in_place(file);
  Matrix matrix(file);
  for (const size_t rows : {1, 16, 64, 4096}) {
    Calls calls(shape.features, rows);
    std::vector<Engine*> engines{&ours, &in_place, &matrix};
    std::optional<Graph> graph;
    if (const OnnxRuntime* runtime = OnnxRuntime::find()) {
      graph.emplace(*runtime, graph_file, calls.values(), rows, shape.features);
      engines.push_back(&*graph);
      calls.compare(ours, *graph, "ONNX Runtime");
    }
    calls.compare(ours, in_place, "XGBoost");
    std::vector<size_t> counts;
    counts.reserve(engines.size());
    for (Engine* engine : engines) {
      counts.push_back(calls.calls_of_a_round(*engine));
    }
    std::vector<std::vector<double>> seconds(engines.size());
    for (int round = 0; round < kRounds; ++round) {
      for (size_t e = 0; e < engines.size(); ++e) {
        seconds[e].push_back(calls.seconds(*engines[e], counts[e]));
      }
    }
    std::cout << fmt::format("| {} | {} | {:.2f} us", name, rows, median(seconds[0]) * 1e6);
    for (size_t e = 1; e < engines.size(); ++e) {
      std::vector<double> ratios;
      ratios.reserve(kRounds);
      for (int round = 0; round < kRounds; ++round) {
        ratios.push_back(seconds[e][static_cast<size_t>(round)] /
                         seconds[0][static_cast<size_t>(round)]);
      }
      std::cout << fmt::format(" | {:.2f} us | {:.1f} x", median(seconds[e]) * 1e6, median(ratios));
    }
    std::cout << " |\n" << std::flush;
  }
}

}  // namespace
}  // namespace ringmaker::bench

int main() {
  using namespace ringmaker::bench;  // NOLINT(google-build-using-namespace): the program itself.
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  const bool graphs = OnnxRuntime::find() != nullptr;
  std::cout << fmt::format(
      "| Shape | Rows a call | Ringmaker | XGBoost {}.{}.{}, in place | ratio | with a DMatrix | "
      "ratio |{}\n|---|---|---|---|---|---|---|{}\n",
      major, minor, patch, graphs ? " ONNX Runtime | ratio |" : "", graphs ? "---|---|" : "");
  race("100 of depth 6, 30 features", kHundredOfDepthSix);
  race("100 of depth 6, 100 features", kHundredOfDepthSixWide);
  race("500 of depth 8, 30 features", kFiveHundredOfDepthEight);
  race("1000 of 31 leaves, 30 features", kThousandOfThirtyOneLeaves);
  race("100 of 6000 leaves, 30 features", kDeepForest);
  return 0;
}
