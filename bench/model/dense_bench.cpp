// Networks, support vector machines, k-means and a linear model, each three ways: as a model of
// ours, as an ONNX graph of ours, and the same graph by ONNX Runtime where that is installed;
// networks by Eigen too. Every call gets other rows.
#include "base/random.h"
#include "bench/model/eigen_network.h"
#include "bench/model/onnx_runtime.h"
#include "model/import/onnx/onnx_model.h"
#include "model/model.h"
#include "tests/support/onnx_writer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ringmaker::model {
namespace {

using bench::EigenNetwork;
using bench::OnnxRuntime;
using bench::OnnxSession;
using test::kOnnxFloat;
using test::kOnnxInt64;
using test::OnnxTensor;
using test::OnnxWriter;

std::vector<float> random_values(size_t count, double scale, uint64_t seed) {
  base::Random random(seed);
  std::vector<float> values(count);
  std::ranges::generate(values,
                        [&] { return static_cast<float>((random.uniform() - 0.5) * 2 * scale); });
  return values;
}

OnnxTensor tensor(std::vector<float> values, std::vector<int64_t> dims) {
  return {.dims = std::move(dims), .values = std::move(values)};
}

/// One model in both forms. The graph reads "x" and answers "y".
struct Subject {
  Model model = {};
  std::string file = {};
  size_t features = 0;
  double flops = 0;  // of a row
  OnnxSession::Element answer = OnnxSession::kFloat;
  bool answer_is_column = true;  // [rows, 1]; else [rows]
};

Model model_of(size_t features) {
  Model model;
  for (size_t j = 0; j < features; ++j) {
    model.schema.feature_names.push_back("x" + std::to_string(j));
  }
  return model;
}

FeatureScaling as_they_are(size_t features) {
  return {.center = std::vector<float>(features, 0.0F), .factor = std::vector<float>(features, 1)};
}

Subject network(Activation activation, const std::string& op) {
  constexpr std::array<size_t, 4> kWidths{100, 256, 128, 1};
  Subject subject{.model = model_of(kWidths[0]), .features = kWidths[0]};
  MlpParameters mlp{.scaling = as_they_are(kWidths[0])};
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, static_cast<int64_t>(kWidths[0])});
  std::string in = "x";
  for (size_t i = 0; i + 1 < kWidths.size(); ++i) {
    const size_t inputs = kWidths.at(i);
    const size_t outputs = kWidths.at(i + 1);
    const bool last = i + 2 == kWidths.size();
    MlpLayer layer{.outputs = outputs,
                   .activation = last ? Activation::kNone : activation,
                   .weights = random_values(inputs * outputs,
                                            2 / std::sqrt(static_cast<double>(inputs)), i + 1),
                   .bias = random_values(outputs, 1, i + 10)};
    const std::string number = std::to_string(i);
    graph
        .constant("w" + number, tensor(layer.weights, {static_cast<int64_t>(inputs),
                                                       static_cast<int64_t>(outputs)}))
        .constant("b" + number, tensor(layer.bias, {static_cast<int64_t>(outputs)}))
        .node("Gemm", {in, "w" + number, "b" + number}, {last ? "y" : "sums" + number});
    if (!last) {
      in = "active" + number;
      graph.node(op, {"sums" + number}, {in});
    }
    subject.flops += 2 * static_cast<double>(inputs * outputs);
    mlp.layers.push_back(std::move(layer));
  }
  subject.model.parameters = std::move(mlp);
  subject.file = graph.output("y").file();
  return subject;
}

Subject machine(KernelFunction kernel, const std::string& op) {
  constexpr size_t kFeatures = 30;
  constexpr size_t kVectors = 500;
  Subject subject{
      .model = model_of(kFeatures), .features = kFeatures, .flops = 2.0 * kFeatures * kVectors};
  SupportVectorParameters svm{.scaling = as_they_are(kFeatures),
                              .kernel = kernel,
                              .vectors = random_values(kFeatures * kVectors, 1, 1),
                              .coefficients = random_values(kVectors, 1, 2),
                              .bias = {0.5}};
  subject.file =
      OnnxWriter()
          .input("x", kOnnxFloat, {-1, static_cast<int64_t>(kFeatures)})
          .node("ai.onnx.ml:SVMRegressor", {"x"}, {"y"},
                {{"kernel_type", op},
                 {"kernel_params", std::vector<float>{kernel.gamma, kernel.coef0, kernel.degree}},
                 {"n_supports", static_cast<int64_t>(kVectors)},
                 {"support_vectors", svm.vectors},
                 {"coefficients", svm.coefficients},
                 {"rho", std::vector<float>{0.5F}}})
          .output("y")
          .file();
  subject.model.parameters = std::move(svm);
  return subject;
}

/// The graph is what skl2onnx makes of KMeans.
Subject kmeans() {
  constexpr size_t kFeatures = 30;
  constexpr size_t kClusters = 10;
  Subject subject{.model = model_of(kFeatures),
                  .features = kFeatures,
                  .flops = 3.0 * kFeatures * kClusters,
                  .answer = OnnxSession::kInteger,
                  .answer_is_column = false};
  const auto centroids = random_values(kFeatures * kClusters, 1, 1);
  std::vector<float> squares(kClusters);
  for (size_t i = 0; i < centroids.size(); ++i) {
    squares[i / kFeatures] += centroids[i] * centroids[i];
  }
  subject.file =
      OnnxWriter()
          .input("x", kOnnxFloat, {-1, static_cast<int64_t>(kFeatures)})
          .constant("centroids", tensor(centroids, {static_cast<int64_t>(kClusters),
                                                    static_cast<int64_t>(kFeatures)}))
          .constant("squares", tensor(squares, {1, static_cast<int64_t>(kClusters)}))
          .constant("zero", tensor({0}, {1}))
          .node("ReduceSumSquare", {"x"}, {"lengths"},
                {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}})
          .node("Gemm", {"x", "centroids", "zero"}, {"products"},
                {{"alpha", -2.0F}, {"transB", int64_t{1}}})
          .node("Add", {"lengths", "products"}, {"parts"})
          .node("Add", {"squares", "parts"}, {"distances"})
          .node("ArgMin", {"distances"}, {"y"}, {{"axis", int64_t{1}}, {"keepdims", int64_t{0}}})
          .output("y", kOnnxInt64)
          .file();
  subject.model.output.value_names = {std::string(kClosestCluster),
                                      std::string(kDistanceToCluster)};
  subject.model.parameters =
      KMeansParameters{.scaling = as_they_are(kFeatures), .centroids = centroids};
  return subject;
}

Subject linear() {
  constexpr size_t kFeatures = 100;
  Subject subject{.model = model_of(kFeatures), .features = kFeatures, .flops = 2.0 * kFeatures};
  const auto weights = random_values(kFeatures, 1, 1);
  subject.file = OnnxWriter()
                     .input("x", kOnnxFloat, {-1, static_cast<int64_t>(kFeatures)})
                     .node("ai.onnx.ml:LinearRegressor", {"x"}, {"y"},
                           {{"coefficients", weights},
                            {"intercepts", std::vector<float>{0.5F}},
                            {"targets", int64_t{1}}})
                     .output("y")
                     .file();
  subject.model.parameters = LinearParameters{
      .weights = weights, .bias = {0.5}, .fill = std::vector<float>(kFeatures, 0.0F)};
  return subject;
}

enum class Way : uint8_t { kModel, kGraph, kOnnxRuntime, kEigen };

/// Rows of a call, in blocks that calls take by turns.
std::vector<float> rows_of(const Subject& subject, size_t rows) {
  const size_t blocks = std::max<size_t>(4, 4096 / rows / 4);
  return random_values(subject.features * rows * blocks, 1, 99);
}

bool is_score(float value) { return std::isfinite(value); }

void run_ours(benchmark::State& state, const Subject& subject, const Model& model, size_t rows,
              base::InstructionSet set) {
  const auto predictor = compile(model, set);
  if (!predictor) {
    state.SkipWithError(predictor.error().message().c_str());
    return;
  }
  const auto values = rows_of(subject, rows);
  const size_t width = model.output.score_columns();
  std::vector<float> scores(rows * width);
  size_t first = 0;
  for (auto _ : state) {
    (*predictor)
        ->predict({values.data() + first, rows, subject.features}, {scores.data(), rows, width});
    benchmark::DoNotOptimize(scores.data());
    first =
        first + 2 * rows * subject.features > values.size() ? 0 : first + rows * subject.features;
  }
  if (!std::ranges::all_of(scores, is_score)) {
    state.SkipWithError("a score is no number");
  }
}

/// Whether the first rows have these scores by our own model too.
bool are_ours(const Subject& subject, const std::vector<float>& values,
              const std::vector<float>& scores) {
  const auto predictor = compile(subject.model, base::InstructionSet::kPortable);
  if (!predictor) {
    return false;
  }
  std::vector<float> ours(scores.size());
  (*predictor)
      ->predict({values.data(), ours.size(), subject.features}, {ours.data(), ours.size(), 1});
  return std::ranges::equal(scores, ours, [](float a, float b) {
    return std::fabs(a - b) <= 1e-3F * (1 + std::fabs(b));
  });
}

void run_eigen(benchmark::State& state, const Subject& subject, size_t rows) {
  EigenNetwork network(std::get<MlpParameters>(subject.model.parameters), rows);
  const auto values = rows_of(subject, rows);
  std::vector<float> scores(rows);
  size_t first = 0;
  for (auto _ : state) {
    network.predict(values.data() + first, scores.data());
    benchmark::DoNotOptimize(scores.data());
    first =
        first + 2 * rows * subject.features > values.size() ? 0 : first + rows * subject.features;
  }
  network.predict(values.data(), scores.data());
  if (!are_ours(subject, values, scores)) {
    state.SkipWithError("Eigen's network answers otherwise than ours");
  }
}

void run_onnx_runtime(benchmark::State& state, const Subject& subject, size_t rows) {
  auto values = rows_of(subject, rows);
  std::vector<float> scores(rows);
  std::vector<int64_t> labels(rows, -1);
  const bool whole = subject.answer == OnnxSession::kInteger;
  std::vector<int64_t> shape{static_cast<int64_t>(rows)};
  if (subject.answer_is_column) {
    shape.push_back(1);
  }
  const OnnxSession session(*OnnxRuntime::find(), subject.file, values, rows, subject.features,
                            subject.answer, shape,
                            whole ? static_cast<void*>(labels.data()) : scores.data(),
                            whole ? rows * sizeof(int64_t) : rows * sizeof(float));
  size_t block = 0;
  for (auto _ : state) {
    session.run(block++);
  }
  if (whole ? std::ranges::find(labels, -1) != labels.end()
            : !std::ranges::all_of(scores, is_score)) {
    state.SkipWithError("an answer is missing");
  }
}

/// range(0): rows a call; range(1): instruction set.
void predict(benchmark::State& state, const std::function<Subject()>& make, Way way) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto set = static_cast<base::InstructionSet>(state.range(1));
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const Subject subject = make();
  if (way == Way::kOnnxRuntime) {
    run_onnx_runtime(state, subject, rows);
  } else if (way == Way::kEigen) {
    run_eigen(state, subject, rows);
  } else if (way == Way::kModel) {
    run_ours(state, subject, subject.model, rows, set);
  } else {
    const auto graph = import_onnx(std::as_bytes(std::span(subject.file)));
    if (!graph) {
      state.SkipWithError(graph.error().message().c_str());
      return;
    }
    run_ours(state, subject, *graph, rows, set);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["GFLOP/s"] = benchmark::Counter(subject.flops * static_cast<double>(rows) * 1e-9,
                                                 benchmark::Counter::kIsIterationInvariantRate);
  state.SetLabel(std::string(base::name(set)));
}

void add(const std::string& name, const std::function<Subject()>& make) {
  using base::InstructionSet;
  const auto add_one = [&](const char* way_name, Way way, InstructionSet set) {
    auto* made = benchmark::RegisterBenchmark(
        ("dense/" + name + "/" + way_name).c_str(),
        [make, way](benchmark::State& state) { predict(state, make, way); });
    for (const int rows : {1, 16, 64, 4096}) {
      made->Args({rows, static_cast<int>(set)});
    }
  };
  const InstructionSet best = base::detect_instruction_set();
  for (const auto set :
       {InstructionSet::kPortable, InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    add_one("model", Way::kModel, set);
  }
  add_one("graph", Way::kGraph, best);
  if (std::holds_alternative<MlpParameters>(make().model.parameters)) {
#if defined(__x86_64__)
    add_one("eigen", Way::kEigen, InstructionSet::kAvx512);  // as it is compiled
#else
    add_one("eigen", Way::kEigen, best);
#endif
  }
  if (OnnxRuntime::find() != nullptr) {
    add_one("onnxruntime", Way::kOnnxRuntime, best);
  }
}

const bool kAdded = [] {
  add("mlp_100_256_128_1_relu", [] { return network(Activation::kRelu, "Relu"); });
  add("mlp_100_256_128_1_tanh", [] { return network(Activation::kTanh, "Tanh"); });
  add("svm_500_of_30_rbf", [] { return machine({KernelType::kRbf, 0.02F, 0, 3}, "RBF"); });
  add("svm_500_of_30_poly", [] { return machine({KernelType::kPoly, 0.1F, 1, 3}, "POLY"); });
  add("kmeans_10_of_30", kmeans);
  add("linear_100", linear);
  return true;
}();

}  // namespace
}  // namespace ringmaker::model
