#include "cli/inspect_command.h"

#include "base/check.h"
#include "base/text.h"
#include "cli/model_card.h"
#include "cli/terminal.h"
#include "model/average/average_predictor.h"
#include "model/graph/graph_predictor.h"
#include "model/link.h"
#include "serve/model_store.h"
#include "wire/json_writer.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <vector>

namespace ringmaker::cli {
namespace {

using wire::JsonWriter;

constexpr size_t kFeaturesShown = 20;

/// A text that somebody wrote into the model file: no part of it forges a line or moves a cursor.
std::string shown(std::string_view foreign) { return wire::printable(foreign, SIZE_MAX); }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += text.empty() ? "" : ", ";
    text += shown(name);
  }
  return text;
}

/// What a model is made of, beside its schemas: the parts that depend on its kind.
struct Parts {
  model::Link link = model::Link::kIdentity;
  size_t weights = 0;
  const model::AverageParameters* average = nullptr;
  const model::TreeParameters* trees = nullptr;  // of a single model
  const model::GraphParameters* graph = nullptr;
};

// NOLINTNEXTLINE(misc-no-recursion): members of an average are no averages.
Parts parts_of(const model::Model& model) {
  if (const auto* trees = std::get_if<model::TreeParameters>(&model.parameters)) {
    return {.link = trees->link, .trees = trees};
  }
  if (const auto* boosted = std::get_if<model::BoostedLinearParameters>(&model.parameters)) {
    return {.link = boosted->link, .weights = boosted->weights.size()};
  }
  if (const auto* average = std::get_if<model::AverageParameters>(&model.parameters)) {
    return {.link = parts_of(average->members.front()).link, .average = average};
  }
  if (const auto* graph = std::get_if<model::GraphParameters>(&model.parameters)) {
    return {.graph = graph};
  }
  if (const auto* mlp = std::get_if<model::MlpParameters>(&model.parameters)) {
    size_t weights = 0;
    for (const model::MlpLayer& layer : mlp->layers) {
      weights += layer.weights.size();
    }
    return {.link = mlp->link, .weights = weights};
  }
  if (const auto* machine = std::get_if<model::SupportVectorParameters>(&model.parameters)) {
    return {.link = machine->link, .weights = machine->vectors.size()};
  }
  if (const auto* kmeans = std::get_if<model::KMeansParameters>(&model.parameters)) {
    return {.weights = kmeans->centroids.size()};
  }
  const auto& linear = std::get<model::LinearParameters>(model.parameters);
  return {.link = linear.link, .weights = linear.weights.size()};
}

struct TreeCounts {
  size_t trees = 0;
  size_t nodes = 0;
  size_t leaves = 0;
};

/// None where the model is not made of trees.
TreeCounts trees_in(const Parts& parts, const ModelFile& file) {
  if (parts.trees != nullptr) {
    const model::TreeEnsemble& ensemble = parts.trees->ensemble;
    return {ensemble.trees.size(), ensemble.nodes.size(),
            ensemble.leaf_values.size() / ensemble.leaf_width};
  }
  TreeCounts counts;
  for (const model::GraphTrees& one : file.trees) {
    counts.trees += one.trees;
    counts.nodes += one.nodes;
    counts.leaves += one.leaves;
  }
  return counts;
}

std::string size_of(const Parts& parts, const ModelFile& file) {
  if (parts.average != nullptr) {
    return base::counted(parts.average->members.size(), "model");
  }
  std::string text;
  if (parts.graph != nullptr) {
    size_t operators = 0;
    for (const auto& one : parts.graph->operators) {
      operators += one.second;
    }
    text = base::counted(operators, "operator");
  }
  if (const TreeCounts counts = trees_in(parts, file); counts.trees > 0) {
    text += fmt::format("{}{}, {}, {}", text.empty() ? "" : ", ",
                        base::counted(counts.trees, "tree"), base::counted(counts.nodes, "node"),
                        base::counted(counts.leaves, "leaf", "leaves"));
  }
  return text.empty() ? base::counted(parts.weights, "weight") : text;
}

/// "logistic link, binary:logistic"; of a graph what its trees say, if it has any.
std::string objective_text(const model::Model& model, const Parts& parts, const ModelFile& file) {
  if (parts.graph == nullptr) {
    const std::string objective = objective_of(model);
    return fmt::format(", {} link{}{}", model::name(parts.link), objective.empty() ? "" : ", ",
                       shown(objective));
  }
  std::string text;
  for (const model::GraphTrees& one : file.trees) {
    text += ", " + shown(one.objective);
  }
  return text;
}

std::string rounds_of(const model::TreeParameters& trees) {
  return fmt::format("{} of {} score rows", trees.rounds, trees.ensemble.rounds());
}

/// A line a model of those that answer as one.
std::string members_of(const model::AverageParameters& average,
                       const std::vector<ModelFile>& files) {
  std::string text =
      fmt::format("answer      {} {}\n", average.vote ? "what most say of" : "the mean of",
                  base::counted(average.members.size(), "model"));
  for (size_t i = 0; i < std::min(files.size(), average.members.size()); ++i) {
    const model::Model& member = average.members[i];
    const Parts parts = parts_of(member);
    text += fmt::format("model       {}: {}{}, {} bytes, {}", shown(files[i].name),
                        model::kind(member), objective_text(member, parts, files[i]),
                        files[i].bytes, size_of(parts, files[i]));
    text += parts.trees == nullptr ? "" : fmt::format(", rounds: {}", rounds_of(*parts.trees));
    text += files[i].plan.empty() ? "\n" : fmt::format(", scored by {}\n", files[i].plan);
  }
  return text;
}

/// Who trained it, when and on how many rows, as far as that is known.
std::string training_of(const model::Provenance& origin) {
  std::string text;
  if (!origin.trained_by.empty()) {
    text += " by " + shown(origin.trained_by);
  }
  if (!origin.trained_at.empty()) {
    text += " at " + shown(origin.trained_at);
  }
  if (origin.rows_trained > 0) {
    text += " on " + base::counted(origin.rows_trained, "row");
  }
  return text.empty() ? "" : fmt::format("trained    {}\n", text);
}

double importance_of(const model::Model& model, size_t feature) {
  const auto& importance = model.provenance.importance;
  return feature < importance.size() ? importance[feature] : 0.0;
}

std::vector<size_t> by_importance(const model::Model& model) {
  std::vector<size_t> order(model.schema.feature_count());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return importance_of(model, a) > importance_of(model, b);
  });
  return order;
}

/// "Gemm x 3, Relu x 2"
std::string operators_of(const model::GraphParameters& graph) {
  std::string text;
  for (const auto& [name, count] : graph.operators) {
    text += text.empty() ? "" : ", ";
    text += count == 1 ? shown(name) : fmt::format("{} x {}", shown(name), count);
  }
  return text;
}

std::string graph_of(const model::GraphParameters& graph) {
  std::string text = fmt::format("format      ONNX, IR version {}", graph.ir_version);
  for (const auto& [domain, version] : graph.opsets) {
    text += fmt::format(", {} {}", shown(domain), version);
  }
  text += '\n';
  for (const std::string& input : graph.inputs) {
    text += fmt::format("takes       {}\n", shown(input));
  }
  for (const std::string& output : graph.outputs) {
    text += fmt::format("gives       {}\n", shown(output));
  }
  return text + fmt::format("operators   {}\n", operators_of(graph));
}

void write_graph(JsonWriter& json, const model::GraphParameters& graph,
                 const std::vector<model::GraphTrees>& trees) {
  json.key("graph").begin_object().member("format", "onnx");
  json.member("ir_version", graph.ir_version);
  json.key("opsets").begin_object();
  for (const auto& [domain, version] : graph.opsets) {
    json.member(domain, version);
  }
  json.end_object().key("operators").begin_object();
  for (const auto& [name, count] : graph.operators) {
    json.member(name, count);
  }
  json.end_object().key("inputs").begin_array(true);
  for (const std::string& input : graph.inputs) {
    json.value(input);
  }
  json.end_array().key("outputs").begin_array(true);
  for (const std::string& output : graph.outputs) {
    json.value(output);
  }
  json.end_array().key("tree_ensembles").begin_array(true);
  for (const model::GraphTrees& one : trees) {
    json.value(one.objective);
  }
  json.end_array().end_object();
}

std::string features_of(const model::Model& model) {
  const Parts parts = parts_of(model);
  const std::string_view what =
      parts.trees != nullptr   ? "gain"
      : parts.graph != nullptr ? "splits"
      : std::holds_alternative<model::BoostedLinearParameters>(model.parameters)
          ? "absolute weights"
          : "scaled weights";
  std::string text = fmt::format("\nfeature importance (share of the {})\n", what);
  const std::vector<size_t> order = by_importance(model);
  for (size_t i = 0; i < std::min(order.size(), kFeaturesShown); ++i) {
    text += fmt::format("  {:<32} {:6.3f}\n", shown(model.schema.feature_names[order[i]]),
                        importance_of(model, order[i]));
  }
  if (order.size() > kFeaturesShown) {
    text += fmt::format("  ... and {} more\n", order.size() - kFeaturesShown);
  }
  return text;
}

void write_trees(JsonWriter& json, const Parts& parts, const ModelFile& file) {
  if (const TreeCounts counts = trees_in(parts, file); counts.trees > 0) {
    json.member("trees", counts.trees).member("nodes", counts.nodes);
    json.member("leaves", counts.leaves);
  }
  if (parts.trees != nullptr) {
    json.member("rounds", parts.trees->ensemble.rounds());
    json.member("rounds_used", parts.trees->rounds);
  }
  if (!file.plan.empty()) {
    json.member("plan", file.plan);
  }
}

void write_objective(JsonWriter& json, const model::Model& model) {
  if (const std::string objective = objective_of(model); !objective.empty()) {
    json.member("objective", objective);
  }
}

void write_members(JsonWriter& json, const model::AverageParameters& average,
                   const std::vector<ModelFile>& files) {
  json.member("vote", average.vote).key("models").begin_array();
  for (size_t i = 0; i < std::min(files.size(), average.members.size()); ++i) {
    json.begin_object().member("file", files[i].name).member("bytes", files[i].bytes);
    json.member("kind", model::kind(average.members[i]));
    write_objective(json, average.members[i]);
    write_trees(json, parts_of(average.members[i]), files[i]);
    json.end_object();
  }
  json.end_array();
}

uint64_t bytes_of(const std::vector<ModelFile>& files) {
  uint64_t bytes = 0;
  for (const ModelFile& file : files) {
    bytes += file.bytes;
  }
  return bytes;
}

void write_object(JsonWriter& json, std::string_view key, const auto& pairs) {
  json.key(key).begin_object();
  for (const auto& [name, value] : pairs) {
    json.member(name, value);
  }
  json.end_object();
}

constexpr std::string_view kName = "inspect";
constexpr std::array<config::Option, 3> kTable{{
    {"model-dir", "DIR", "", "directory of the model, or its file"},
    {"json", "", "false", "one JSON document"},
    {"card", "", "false", "the content of a SageMaker Model Card, as JSON"},
}};

base::Result<std::string> inspect(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(kTable, call));
  RM_ASSIGN(const bool json, values.boolean("json"));
  RM_ASSIGN(const bool card, values.boolean("card"));
  if (!call.words.empty() && call.flags.contains("model-dir")) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} and --model-dir are two models; inspect looks at one",
                                  config::quote(call.words.front())));
  }
  const std::string& path = call.words.empty() ? values.text("model-dir") : call.words.front();
  if (path.empty()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "say which model to look at, with --model-dir DIR");
  }
  return inspect_model(path, card   ? Description::kCard
                             : json ? Description::kJson
                                    : Description::kText);
}

int run_inspect(const Call& call) {
  const auto text = inspect(call);
  return text ? print_result(kName, *text, call.environment)
              : report(kName, text.error(), call.environment);
}

}  // namespace

std::string describe_model(const model::Model& model, const std::vector<ModelFile>& files) {
  const model::Provenance& origin = model.provenance;
  const Parts parts = parts_of(model);
  const ModelFile& file = files.front();
  std::string text = fmt::format("kind        {}\n", model::kind(model)) +
                     fmt::format("objective   {}{}\n", data::name(model.output.task),
                                 objective_text(model, parts, file)) +
                     fmt::format("inputs      {}: {}\n", model.schema.feature_count(),
                                 listed(model.schema.feature_names));
  if (!model.output.class_names.empty()) {
    text += fmt::format("classes     {}: {}\n", model.output.class_names.size(),
                        listed(model.output.class_names));
  }
  if (model.output.task == data::Task::kBinary) {
    text += fmt::format("threshold   {}{}\n", model.output.threshold,
                        model.output.margin ? ", of margins" : "");
  }
  if (!model.output.value_names.empty()) {
    text += fmt::format("outputs     {}: {}\n", model.output.value_names.size(),
                        listed(model.output.value_names));
  }
  if (parts.trees != nullptr) {
    text += fmt::format("rounds      {}\n", rounds_of(*parts.trees));
  }
  if (parts.graph != nullptr) {
    text += graph_of(*parts.graph);
  }
  text += fmt::format("size        {} bytes, {}\n", bytes_of(files), size_of(parts, file));
  if (parts.average != nullptr) {
    text += members_of(*parts.average, files);
  } else if (!file.plan.empty()) {
    text += fmt::format("scored by   {}\n", file.plan);
  }
  text += training_of(origin);
  if (!origin.data_fingerprint.empty()) {
    text += fmt::format("data        {}\n", shown(origin.data_fingerprint));
  }
  for (const auto& [name, value] : origin.hyperparameters) {
    text += fmt::format("setting     {} = {}\n", shown(name), shown(value));
  }
  for (const auto& [name, value] : origin.metrics) {
    text += fmt::format("metric      {} = {:.6g}\n", shown(name), value);
  }
  text += "card        --card prints a SageMaker Model Card\n";
  return origin.importance.empty() ? text : text + features_of(model);
}

std::string describe_model_as_json(const model::Model& model, const std::vector<ModelFile>& files) {
  std::string text;
  const Parts parts = parts_of(model);
  const model::Provenance& origin = model.provenance;
  JsonWriter json(text, JsonWriter::Layout::kPretty);
  json.begin_object().member("kind", model::kind(model));
  json.member("task", data::name(model.output.task));
  if (parts.graph == nullptr) {
    json.member("link", model::name(parts.link));
  }
  write_objective(json, model);
  json.member("bytes", bytes_of(files));
  if (parts.weights > 0) {
    json.member("weights", parts.weights);
  }
  if (parts.graph != nullptr) {
    write_graph(json, *parts.graph, files.front().trees);
  }
  if (parts.average != nullptr) {
    write_members(json, *parts.average, files);
  } else {
    write_trees(json, parts, files.front());
  }
  json.key("features").begin_array();
  for (size_t j = 0; j < model.schema.feature_count(); ++j) {
    json.begin_object().member("name", model.schema.feature_names[j]);
    if (!origin.importance.empty()) {
      json.member("importance", importance_of(model, j));
    }
    json.end_object();
  }
  json.end_array().key("classes").begin_array(true);
  for (const std::string& name : model.output.class_names) {
    json.value(name);
  }
  json.end_array().member("threshold", model.output.threshold);
  json.member("margin", model.output.margin);
  json.member("trained_by", origin.trained_by);
  json.member("trained_at", origin.trained_at);
  if (origin.rows_trained > 0) {
    json.member("rows_trained", origin.rows_trained);
  }
  json.member("data_fingerprint", origin.data_fingerprint);
  write_object(json, "hyperparameters", origin.hyperparameters);
  write_object(json, "metrics", origin.metrics);
  json.key("card").raw(model_card(model));
  json.end_object();
  return text;
}

namespace {

/// What the predictor of a file's model says of it.
ModelFile found_at(const std::string& path, const model::Predictor& predictor) {
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(path, error);
  ModelFile file{.name = std::filesystem::path(path).filename().string(),
                 .bytes = error ? 0 : bytes,
                 .plan = predictor.plan()};
  if (!file.plan.empty()) {
    file.plan += fmt::format(" ({})", predictor.instruction_set());
  }
  if (const auto* graph = dynamic_cast<const model::GraphPredictor*>(&predictor)) {
    file.trees = graph->trees();
  }
  return file;
}

}  // namespace

base::Result<std::string> inspect_model(const std::string& path, Description form) {
  RM_ASSIGN(const model::Model model, serve::read_model(path));
  RM_ASSIGN(const auto paths, serve::model_files(path));
  RM_ASSIGN(const auto predictor, model::compile(model, base::detect_instruction_set()));
  const auto* average = dynamic_cast<const model::AveragePredictor*>(predictor.get());
  std::vector<ModelFile> files;
  files.reserve(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    files.push_back(found_at(paths[i], average == nullptr ? *predictor : *average->members()[i]));
  }
  switch (form) {
    case Description::kText:
      return describe_model(model, files);
    case Description::kJson:
      return describe_model_as_json(model, files);
    case Description::kCard:
      return model_card(model) + "\n";
  }
  RM_UNREACHABLE();
}

Command inspect_command() noexcept {
  return {.name = kName,
          .summary = "Tell what a model is",
          .arguments = "[DIR]",
          .options = kTable,
          .examples = {"ringmaker inspect model",
                       "ringmaker inspect --model-dir model --card > model_card.json"},
          .run = run_inspect,
          .words_max = 1};
}

}  // namespace ringmaker::cli
