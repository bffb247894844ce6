#include "model/model.h"

#include "base/text.h"
#include "model/average/average_model.h"
#include "model/average/average_predictor.h"
#include "model/graph/graph_predictor.h"
#include "model/import/onnx/onnx_file.h"
#include "model/kmeans/kmeans_predictor.h"
#include "model/linear/boosted_linear_predictor.h"
#include "model/linear/linear_predictor.h"
#include "model/link.h"
#include "model/mlp/mlp_predictor.h"
#include "model/support_vectors/support_vector_predictor.h"
#include "model/tree/narrowed_trees.h"
#include "model/tree/tree_predictor.h"
#include "model/tree/validate_trees.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>
#include <span>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<void> expect_count(std::string_view what, size_t found, size_t expected) {
  if (found != expected) {
    return fail(ErrorCode::kInvalidInput, fmt::format("the model's {} has {}, expected {}", what,
                                                      base::counted(found, "value"), expected));
  }
  return {};
}

Result<void> expect_finite(std::string_view what, const auto& values) {
  const auto bad = std::ranges::find_if_not(values, [](auto v) { return std::isfinite(v); });
  if (bad != std::ranges::end(values)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the model's {} holds {} at position {}, expected a finite number",
                            what, *bad, bad - std::ranges::begin(values)));
  }
  return {};
}

Result<void> validate_output(const data::OutputSchema& output) {
  const size_t classes = output.class_names.size();
  const bool fits = output.task == data::Task::kRegression ? classes == 0
                    : output.task == data::Task::kBinary   ? classes == 2
                                                           : classes >= 1;
  if (!fits) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model cannot have {} classes", data::name(output.task), classes));
  }
  if (output.class_index && output.task != data::Task::kMulticlass) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model has no class indices", data::name(output.task)));
  }
  if (!output.value_names.empty() && output.task != data::Task::kRegression) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model has no named values", data::name(output.task)));
  }
  if (!std::isfinite(output.threshold)) {
    return fail(ErrorCode::kInvalidInput, "the model's threshold is not a finite number");
  }
  return {};
}

/// Trees and boosted linear models: what the link makes of `raw` values is what the output says.
Result<void> expect_link(const Model& model, Link link, size_t raw) {
  const data::OutputSchema& output = model.output;
  const bool multiclass = output.task == data::Task::kMulticlass;
  // One against all: probabilities that do not add up to 1.
  const bool one_against_all = link == Link::kLogistic && multiclass && !output.class_index;
  const bool fits =
      (link == Link::kSoftmax || one_against_all) == (multiclass && !output.class_index) &&
      (link == Link::kClassIndex) == (multiclass && output.class_index) &&
      (!output.margin || link == Link::kIdentity);
  if (!fits) {
    return fail(ErrorCode::kInvalidInput, fmt::format("a {} model cannot have a {} link",
                                                      data::name(output.task), name(link)));
  }
  return expect_count("output", raw,
                      output.class_index ? output.class_names.size() : output.score_columns());
}

Result<void> validate_parameters(const Model& model, const TreeParameters& trees) {
  RM_TRY(expect_link(model, trees.link, trees.ensemble.outputs));
  RM_TRY(validate_trees(trees.ensemble));
  RM_TRY(expect_count("list of features", model.schema.feature_count(), trees.ensemble.features));
  if (!(trees.slope > 0) || !std::isfinite(trees.slope)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the model's slope is {}, expected a positive number", trees.slope));
  }
  if (trees.rounds > trees.ensemble.rounds()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("the model scores with {} rounds and has {}",
                                                      trees.rounds, trees.ensemble.rounds()));
  }
  return {};
}

Result<void> validate_parameters(const Model& model, const BoostedLinearParameters& linear) {
  const size_t features = model.schema.feature_count();
  if (features == 0 || linear.outputs == 0 || linear.outputs > kTreeOutputsMax) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the model has {} and {}", base::counted(features, "feature"),
                            base::counted(linear.outputs, "output")));
  }
  RM_TRY(expect_link(model, linear.link, linear.outputs));
  RM_TRY(expect_count("bias", linear.bias.size(), linear.outputs));
  RM_TRY(expect_count("weights", linear.weights.size(), features * linear.outputs));
  RM_TRY(expect_finite("bias", linear.bias));
  return expect_finite("weights", linear.weights);
}

Result<void> validate_scaling(const FeatureScaling& scaling, size_t features) {
  if (features == 0) {
    return fail(ErrorCode::kInvalidInput, "the model has no features");
  }
  RM_TRY(expect_count("center", scaling.center.size(), features));
  RM_TRY(expect_count("factor", scaling.factor.size(), features));
  RM_TRY(expect_finite("center", scaling.center));
  return expect_finite("factor", scaling.factor);
}

/// Of sums, of which no index is made.
Result<void> expect_link_of_sums(const Model& model, Link link, size_t raw) {
  if (link == Link::kClassIndex) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model cannot have a {} link", kind(model), name(link)));
  }
  return expect_link(model, link, raw);
}

Result<void> validate_parameters(const Model& model, const MlpParameters& mlp) {
  size_t inputs = model.schema.feature_count();
  RM_TRY(validate_scaling(mlp.scaling, inputs));
  if (mlp.layers.empty()) {
    return fail(ErrorCode::kInvalidInput, "the model has no layers");
  }
  for (const MlpLayer& layer : mlp.layers) {
    const std::string where = fmt::format("layer {}", &layer - mlp.layers.data());
    if (layer.outputs == 0) {
      return fail(ErrorCode::kInvalidInput, fmt::format("the model's {} has no outputs", where));
    }
    RM_TRY(expect_count(where + "'s weights", layer.weights.size(), inputs * layer.outputs));
    RM_TRY(expect_count(where + "'s bias", layer.bias.size(), layer.outputs));
    RM_TRY(expect_finite(where + "'s weights", layer.weights));
    RM_TRY(expect_finite(where + "'s bias", layer.bias));
    inputs = layer.outputs;
  }
  return expect_link_of_sums(model, mlp.link, inputs);
}

Result<void> validate_parameters(const Model& model, const SupportVectorParameters& machine) {
  const size_t features = model.schema.feature_count();
  RM_TRY(validate_scaling(machine.scaling, features));
  const size_t vectors = machine.vectors.size() / features;
  if (vectors == 0) {
    return fail(ErrorCode::kInvalidInput, "the model has no support vectors");
  }
  RM_TRY(expect_link_of_sums(model, machine.link, machine.outputs));
  RM_TRY(expect_count("vectors", machine.vectors.size(), vectors * features));
  RM_TRY(expect_count("coefficients", machine.coefficients.size(), machine.outputs * vectors));
  RM_TRY(expect_count("bias", machine.bias.size(), machine.outputs));
  RM_TRY(expect_finite(
      "kernel", std::array{machine.kernel.gamma, machine.kernel.coef0, machine.kernel.degree}));
  RM_TRY(expect_finite("vectors", machine.vectors));
  RM_TRY(expect_finite("coefficients", machine.coefficients));
  return expect_finite("bias", machine.bias);
}

Result<void> validate_parameters(const Model& model, const KMeansParameters& kmeans) {
  const size_t features = model.schema.feature_count();
  RM_TRY(validate_scaling(kmeans.scaling, features));
  const size_t clusters = kmeans.centroids.size() / features;
  if (clusters == 0) {
    return fail(ErrorCode::kInvalidInput, "the model has no centroids");
  }
  RM_TRY(expect_count("centroids", kmeans.centroids.size(), clusters * features));
  RM_TRY(expect_finite("centroids", kmeans.centroids));
  const std::array names{kClosestCluster, kDistanceToCluster};
  if (model.output.task != data::Task::kRegression ||
      !std::ranges::equal(model.output.value_names, names)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a kmeans model answers {} and {}", names[0], names[1]));
  }
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): members are no averages, so it ends at the second level.
Result<void> validate_parameters(const Model& model, const AverageParameters& average) {
  const size_t members = average.members.size();
  if (members == 0 || members > AveragePredictor::kMembersMax) {
    return fail(ErrorCode::kInvalidInput, fmt::format("an average of {} models, from 1 to {} are "
                                                      "taken",
                                                      members, AveragePredictor::kMembersMax));
  }
  for (const Model& member : average.members) {
    // Rows come as the members read them, and can do so in one way only.
    auto difference = difference_of(member, average.members.front());
    if (!difference) {
      difference = difference_of(member, model);
    }
    if (std::holds_alternative<AverageParameters>(member.parameters)) {
      difference = "it is itself several models";
    }
    if (difference) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("models that answer as one must have the same features and outputs: "
                              "model {} differs from the first: {}",
                              &member - average.members.data(), *difference));
    }
    RM_TRY(validate(member));
  }
  if (model.output.score_columns() > kTreeOutputsMax ||
      (average.vote && model.output.score_columns() != 1)) {
    return fail(ErrorCode::kInvalidInput, "models can vote on one score, not on a list of them");
  }
  return {};
}

Result<void> validate_parameters(const Model& model, const LinearParameters& linear) {
  const size_t features = model.schema.feature_count();
  if (features == 0) {
    return fail(ErrorCode::kInvalidInput, "the model has no features");
  }
  RM_TRY(expect_count("output", linear.outputs, model.output.score_columns()));
  if ((linear.link == Link::kSoftmax) != (model.output.task == data::Task::kMulticlass) ||
      (linear.link == Link::kLogistic && model.output.task != data::Task::kBinary)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model cannot have a {} link", data::name(model.output.task),
                            name(linear.link)));
  }
  if (model.output.margin !=
      (linear.link == Link::kIdentity && model.output.task == data::Task::kBinary)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model with a {} link {} margins", data::name(model.output.task),
                            name(linear.link), model.output.margin ? "has no" : "answers"));
  }
  RM_TRY(expect_count("weights", linear.weights.size(), linear.outputs * features));
  RM_TRY(expect_count("bias", linear.bias.size(), linear.outputs));
  RM_TRY(expect_count("fill", linear.fill.size(), features));
  RM_TRY(expect_finite("weights", linear.weights));
  RM_TRY(expect_finite("bias", linear.bias));
  return expect_finite("fill", linear.fill);
}

Result<void> validate_parameters(const Model& model, const GraphParameters& graph) {
  if (graph.file.empty() || model.schema.feature_count() == 0) {
    return fail(ErrorCode::kInvalidInput, "the model's graph is empty");
  }
  return {};
}

}  // namespace

std::string_view kind(const Model& model) noexcept {
  struct Name {
    std::string_view operator()(const LinearParameters&) const noexcept { return "linear"; }
    std::string_view operator()(const TreeParameters&) const noexcept { return "trees"; }
    std::string_view operator()(const BoostedLinearParameters&) const noexcept {
      return "gblinear";
    }
    std::string_view operator()(const AverageParameters&) const noexcept { return "average"; }
    std::string_view operator()(const GraphParameters&) const noexcept { return "graph"; }
    std::string_view operator()(const MlpParameters&) const noexcept { return "mlp"; }
    std::string_view operator()(const SupportVectorParameters&) const noexcept { return "svm"; }
    std::string_view operator()(const KMeansParameters&) const noexcept { return "kmeans"; }
  };
  return std::visit(Name{}, model.parameters);
}

// NOLINTNEXTLINE(misc-no-recursion): as validate_parameters().
Result<void> validate(const Model& model) {
  RM_TRY(validate_output(model.output));
  if (!model.schema.category_names.empty()) {
    RM_TRY(expect_count("list of category names", model.schema.category_names.size(),
                        model.schema.feature_count()));
  }
  return std::visit([&](const auto& parameters) { return validate_parameters(model, parameters); },
                    model.parameters);
}

namespace {

/// Members of an average share their rows, and so the narrowing of these.
Result<data::Narrowing> narrowing_of(const Model& model) {
  std::vector<const TreeEnsemble*> ensembles;
  const auto add = [&](const Model& one) {
    if (const auto* trees = std::get_if<TreeParameters>(&one.parameters)) {
      ensembles.push_back(&trees->ensemble);
    }
  };
  add(model);
  if (const auto* average = std::get_if<AverageParameters>(&model.parameters)) {
    std::ranges::for_each(average->members, add);
  }
  return narrowing_of(std::span<const TreeEnsemble* const>(ensembles));
}

// NOLINTNEXTLINE(misc-no-recursion): as validate_parameters().
Result<std::unique_ptr<Predictor>> compile_narrowed(Model& model, const data::Narrowing& narrowing,
                                                    base::InstructionSet set) {
  if (auto* trees = std::get_if<TreeParameters>(&model.parameters)) {
    return std::make_unique<TreePredictor>(model, *trees, std::move(trees->ensemble), narrowing,
                                           set);
  }
  if (const auto* linear = std::get_if<BoostedLinearParameters>(&model.parameters)) {
    return std::make_unique<BoostedLinearPredictor>(model, *linear, set);
  }
  if (const auto* mlp = std::get_if<MlpParameters>(&model.parameters)) {
    return std::make_unique<MlpPredictor>(model, *mlp, set);
  }
  if (const auto* machine = std::get_if<SupportVectorParameters>(&model.parameters)) {
    return std::make_unique<SupportVectorPredictor>(model, *machine, set);
  }
  if (const auto* kmeans = std::get_if<KMeansParameters>(&model.parameters)) {
    return std::make_unique<KMeansPredictor>(model, *kmeans, set);
  }
  if (const auto* graph = std::get_if<GraphParameters>(&model.parameters)) {
    std::shared_ptr<const PreparedGraph> prepared = graph->prepared;
    if (prepared == nullptr || prepared->set != set) {
      RM_ASSIGN(const GraphFile file, read_onnx(std::as_bytes(std::span(graph->file))));
      RM_ASSIGN(prepared, PreparedGraph::make(file, set));
    }
    return std::make_unique<GraphPredictor>(model, std::move(prepared));
  }
  if (auto* average = std::get_if<AverageParameters>(&model.parameters)) {
    std::vector<std::unique_ptr<Predictor>> members;
    for (Model& member : average->members) {
      RM_ASSIGN(auto predictor, compile_narrowed(member, narrowing, set));
      if (predictor->schema().narrowing != narrowing) {
        return fail(ErrorCode::kUnsupported,
                    "graphs that compare doubles or large integers cannot answer as one");
      }
      members.push_back(std::move(predictor));
    }
    return std::make_unique<AveragePredictor>(std::move(members), average->vote);
  }
  return std::make_unique<LinearPredictor>(model, std::get<LinearParameters>(model.parameters),
                                           set);
}

}  // namespace

Result<std::unique_ptr<Predictor>> compile(Model model, base::InstructionSet set) {
  RM_TRY(validate(model));
  return compile_valid(std::move(model), set);
}

Result<std::unique_ptr<Predictor>> compile_valid(Model model, base::InstructionSet set) {
  RM_ASSIGN(const data::Narrowing narrowing, narrowing_of(model));
  return compile_narrowed(model, narrowing, set);
}

}  // namespace ringmaker::model
