// Contributions: microseconds a row, by shape, rows a call and instruction set; and XGBoost's
// pred_contribs for the same trees and rows on one thread, where its library is found.
#include "base/random.h"
#include "model/import/importer.h"
#include "model/model.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#ifdef RINGMAKER_BENCH_XGBOOST
#include <xgboost/c_api.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace ringmaker::model {
namespace {

struct Shape {
  size_t trees;
  size_t features;
  size_t leaves;     // of a tree
  size_t depth_max;  // 0: none
};

constexpr Shape kHundredOfDepthSix{100, 30, 64, 6};
constexpr Shape kFiveHundredOfDepthEight{500, 30, 256, 8};
constexpr Shape kHundredOfDepthTwelve{100, 30, 1000, 12};
constexpr Shape kDeepForest{20, 30, 2000, 0};

/// One tree in the fields of XGBoost's JSON, grown at random.
struct GrownTree {
  std::vector<int> left{-1};
  std::vector<int> right{-1};
  std::vector<size_t> depth{0};
  std::vector<int> parent{2147483647};
  std::vector<size_t> feature{0};
  std::vector<float> condition{0};
  std::vector<float> cover{1000};

  GrownTree(const Shape& shape, base::Random& random) {
    std::vector<size_t> open{0};
    while (open.size() < shape.leaves) {
      const size_t pick = shape.depth_max > 0 ? 0 : random.below(open.size());
      const size_t at = open[pick];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
      if (shape.depth_max > 0 && depth[at] == shape.depth_max) {
        continue;
      }
      feature[at] = random.below(shape.features);
      condition[at] = static_cast<float>(random.uniform());
      left[at] = static_cast<int>(left.size());
      right[at] = left[at] + 1;
      const auto to_left = static_cast<float>(0.1 + 0.8 * random.uniform());
      for (const float share : {to_left, 1 - to_left}) {
        open.push_back(left.size());
        left.push_back(-1);
        right.push_back(-1);
        depth.push_back(depth[at] + 1);
        parent.push_back(static_cast<int>(at));
        feature.push_back(0);
        condition.push_back(static_cast<float>(random.uniform() - 0.5));
        cover.push_back(cover[at] * share);
      }
    }
  }

  [[nodiscard]] std::string json(size_t id, size_t features) const {
    const std::vector<int> zeros(left.size(), 0);
    return fmt::format(
        R"({{"base_weights":[{5:.8e}],"categories":[],"categories_nodes":[],"categories_segments":[],)"
        R"("categories_sizes":[],"default_left":[{0}],"id":{1},"left_children":[{2}],)"
        R"("loss_changes":[{5:.8e}],"parents":[{3}],"right_children":[{4}],"split_conditions":[{5:.8e}],)"
        R"("split_indices":[{6}],"split_type":[{0}],"sum_hessian":[{7:.8e}],"tree_param":)"
        R"({{"num_deleted":"0","num_feature":"{8}","num_nodes":"{9}","size_leaf_vector":"0"}}}})",
        fmt::join(zeros, ","), id, fmt::join(left, ","), fmt::join(parent, ","),
        fmt::join(right, ","), fmt::join(condition, ","), fmt::join(feature, ","),
        fmt::join(cover, ","), features, left.size());
  }
};

std::string grown_model(const Shape& shape) {
  base::Random random(1);
  std::vector<std::string> trees;
  trees.reserve(shape.trees);
  for (size_t t = 0; t < shape.trees; ++t) {
    trees.push_back(GrownTree(shape, random).json(t, shape.features));
  }
  return fmt::format(
      R"({{"learner":{{"attributes":{{}},"feature_names":[],"feature_types":[],)"
      R"("gradient_booster":{{"model":{{"gbtree_model_param":{{"num_parallel_tree":"1",)"
      R"("num_trees":"{0}","size_leaf_vector":"0"}},"tree_info":[{1}],"trees":[{2}]}},)"
      R"("name":"gbtree"}},"learner_model_param":{{"base_score":"5E-1","num_class":"0",)"
      R"("num_feature":"{3}","num_target":"1"}},"objective":{{"name":"reg:squarederror",)"
      R"("reg_loss_param":{{"scale_pos_weight":"1"}}}}}},"version":[1,7,4]}})",
      shape.trees, fmt::join(std::vector<int>(shape.trees, 0), ","), fmt::join(trees, ","),
      shape.features);
}

std::vector<float> random_values(size_t count) {
  base::Random random(2);
  std::vector<float> values(count);
  std::ranges::generate(values, [&] { return static_cast<float>(random.uniform()); });
  return values;
}

std::unique_ptr<Predictor> compiled(const std::string& json, base::InstructionSet set) {
  std::vector<std::byte> padded(json.size() + kImportPadding);
  std::memcpy(padded.data(), json.data(), json.size());
  return compile(import_model(std::span(padded).first(json.size())).value(), set).value();
}

void report(benchmark::State& state, size_t rows) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows));
  state.counters["us/row"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(rows) * 1e-6,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// range(0) rows a call, range(1) instruction set.
void explain(benchmark::State& state, const Shape& shape) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto set = static_cast<base::InstructionSet>(state.range(1));
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const auto predictor = compiled(grown_model(shape), set);
  const std::vector<float> values = random_values(4 * rows * shape.features);
  std::vector<double> found(rows * (shape.features + 1));
  size_t call = 0;
  for (auto _ : state) {
    predictor->contributions(
        {values.data() + call++ % 4 * rows * shape.features, rows, shape.features}, found.data());
    benchmark::DoNotOptimize(found.data());
  }
  predictor->contributions({values.data(), rows, shape.features}, found.data());
  float raw = 0;
  predictor->predict_raw({values.data(), 1, shape.features}, {&raw, 1, 1});
  double sum = 0;
  for (size_t j = 0; j <= shape.features; ++j) {
    sum += found[j];
  }
  if (std::fabs(sum - static_cast<double>(raw)) > 1e-4) {
    state.SkipWithError("contributions do not add up");
  }
  report(state, rows);
  state.SetLabel(std::string(base::name(set)));
}

#ifdef RINGMAKER_BENCH_XGBOOST
/// The same trees and rows; and the same answers.
void explain_by_xgboost(benchmark::State& state, const Shape& shape) {
  const auto rows = static_cast<size_t>(state.range(0));
  const std::string json = grown_model(shape);
  BoosterHandle booster = nullptr;
  DMatrixHandle matrix = nullptr;
  const std::vector<float> values = random_values(rows * shape.features);
  const bool ready = XGBoosterCreate(nullptr, 0, &booster) == 0 &&
                     XGBoosterLoadModelFromBuffer(booster, json.data(), json.size()) == 0 &&
                     XGBoosterSetParam(booster, "nthread", "1") == 0 &&
                     XGDMatrixCreateFromMat(values.data(), rows, shape.features, NAN, &matrix) == 0;
  constexpr int kContributions = 4;
  bst_ulong length = 0;
  const float* found = nullptr;
  for (auto _ : state) {
    if (!ready || XGBoosterPredict(booster, matrix, kContributions, 0, 0, &length, &found) != 0) {
      state.SkipWithError(XGBGetLastError());
      break;
    }
    benchmark::DoNotOptimize(found);
  }
  const auto predictor = compiled(json, base::detect_instruction_set());
  std::vector<double> ours(rows * (shape.features + 1));
  predictor->contributions({values.data(), rows, shape.features}, ours.data());
  for (size_t i = 0; i < ours.size() && ours.size() == length; ++i) {
    if (std::fabs(ours[i] - static_cast<double>(found[i])) > 1e-2) {
      state.SkipWithError("XGBoost says otherwise");
      break;
    }
  }
  XGDMatrixFree(matrix);
  XGBoosterFree(booster);
  report(state, rows);
  state.SetLabel("libxgboost, one thread");
}
#endif

void sizes(benchmark::internal::Benchmark* bench) {
  for (const auto set : {base::InstructionSet::kPortable, base::InstructionSet::kAvx2,
                         base::InstructionSet::kAvx512}) {
    for (const int rows : {1, 16, 64, 512}) {
      bench->Args({rows, static_cast<int>(set)});
    }
  }
}

BENCHMARK_CAPTURE(explain, 100x6, kHundredOfDepthSix)->Apply(sizes);
BENCHMARK_CAPTURE(explain, 500x8, kFiveHundredOfDepthEight)->Apply(sizes);
BENCHMARK_CAPTURE(explain, 100x12, kHundredOfDepthTwelve)->Apply(sizes);
BENCHMARK_CAPTURE(explain, deep_forest, kDeepForest)->Apply(sizes);
#ifdef RINGMAKER_BENCH_XGBOOST
BENCHMARK_CAPTURE(explain_by_xgboost, 100x6, kHundredOfDepthSix)->Arg(1)->Arg(64);
BENCHMARK_CAPTURE(explain_by_xgboost, 500x8, kFiveHundredOfDepthEight)->Arg(1)->Arg(64);
BENCHMARK_CAPTURE(explain_by_xgboost, 100x12, kHundredOfDepthTwelve)->Arg(1)->Arg(64);
BENCHMARK_CAPTURE(explain_by_xgboost, deep_forest, kDeepForest)->Arg(1)->Arg(64);
#endif

}  // namespace
}  // namespace ringmaker::model
