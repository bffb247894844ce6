#include "cli/inspect_command.h"

#include "base/check.h"
#include "base/text.h"
#include "cli/model_card.h"
#include "cli/terminal.h"
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
  size_t members = 0;
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
    return {.link = parts_of(average->members.front()).link, .members = average->members.size()};
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

std::string size_of(const Parts& parts) {
  if (parts.members > 0) {
    return base::counted(parts.members, "model");
  }
  if (parts.graph != nullptr) {
    size_t nodes = 0;
    for (const auto& one : parts.graph->operators) {
      nodes += one.second;
    }
    return base::counted(nodes, "node");
  }
  if (parts.trees == nullptr) {
    return base::counted(parts.weights, "weight");
  }
  const model::TreeEnsemble& ensemble = parts.trees->ensemble;
  return fmt::format(
      "{}, {}, {}", base::counted(ensemble.trees.size(), "tree"),
      base::counted(ensemble.nodes.size(), "node"),
      base::counted(ensemble.leaf_values.size() / ensemble.leaf_width, "leaf", "leaves"));
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

void write_graph(JsonWriter& json, const model::GraphParameters& graph) {
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
  json.end_array().end_object();
}

std::string features_of(const model::Model& model) {
  std::string text = "\nfeature importance (share of the ";
  text += parts_of(model).trees == nullptr ? "scaled weights)\n" : "gain)\n";
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

std::string describe_model(const model::Model& model, uint64_t file_bytes, std::string_view plan) {
  const model::Provenance& origin = model.provenance;
  const Parts parts = parts_of(model);
  std::string text = fmt::format("kind        {}\n", model::kind(model)) +
                     fmt::format("objective   {}, {} link, {}\n", data::name(model.output.task),
                                 model::name(parts.link), objective_of(model)) +
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
    text += fmt::format("rounds      {} of {} score rows\n", parts.trees->rounds,
                        parts.trees->ensemble.rounds());
  }
  if (parts.graph != nullptr) {
    text += graph_of(*parts.graph);
  }
  text += fmt::format("size        {} bytes, {}\n", file_bytes, size_of(parts));
  if (!plan.empty()) {
    text += fmt::format("scored by   {}\n", plan);
  }
  text += fmt::format("trained     by {}{}{} on {}\n",
                      origin.trained_by.empty() ? "an unnamed program" : shown(origin.trained_by),
                      origin.trained_at.empty() ? "" : " at ", shown(origin.trained_at),
                      base::counted(origin.rows_trained, "row"));
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

std::string describe_model_as_json(const model::Model& model, uint64_t file_bytes,
                                   std::string_view plan) {
  std::string text;
  const Parts parts = parts_of(model);
  JsonWriter json(text, JsonWriter::Layout::kPretty);
  json.begin_object().member("kind", model::kind(model));
  json.member("task", data::name(model.output.task));
  json.member("link", model::name(parts.link));
  json.member("objective", objective_of(model));
  json.member("bytes", file_bytes).member("weights", parts.weights);
  if (parts.trees != nullptr) {
    json.member("trees", parts.trees->ensemble.trees.size());
    json.member("nodes", parts.trees->ensemble.nodes.size());
    json.member("rounds", parts.trees->ensemble.rounds());
    json.member("rounds_used", parts.trees->rounds);
    json.member("plan", plan);
  }
  if (parts.graph != nullptr) {
    write_graph(json, *parts.graph);
    json.member("plan", plan);
  }
  json.key("features").begin_array();
  for (size_t j = 0; j < model.schema.feature_count(); ++j) {
    json.begin_object().member("name", model.schema.feature_names[j]);
    json.member("importance", importance_of(model, j)).end_object();
  }
  json.end_array().key("classes").begin_array(true);
  for (const std::string& name : model.output.class_names) {
    json.value(name);
  }
  json.end_array().member("threshold", model.output.threshold);
  json.member("margin", model.output.margin);
  json.member("trained_by", model.provenance.trained_by);
  json.member("trained_at", model.provenance.trained_at);
  json.member("rows_trained", model.provenance.rows_trained);
  json.member("data_fingerprint", model.provenance.data_fingerprint);
  write_object(json, "hyperparameters", model.provenance.hyperparameters);
  write_object(json, "metrics", model.provenance.metrics);
  json.key("card").raw(model_card(model));
  json.end_object();
  return text;
}

base::Result<std::string> inspect_model(const std::string& path, Description form) {
  RM_ASSIGN(const model::Model model, serve::read_model(path));
  RM_ASSIGN(const auto files, serve::model_files(path));
  uint64_t bytes = 0;
  for (const std::string& file : files) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(file, error);
    bytes += error ? 0 : size;
  }
  const base::InstructionSet set = base::detect_instruction_set();
  RM_ASSIGN(const auto predictor, model::compile(model, set));
  std::string plan = predictor->plan();
  if (!plan.empty()) {
    plan += fmt::format(" ({})", predictor->instruction_set());
  }
  switch (form) {
    case Description::kText:
      return describe_model(model, bytes, plan);
    case Description::kJson:
      return describe_model_as_json(model, bytes, plan);
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
