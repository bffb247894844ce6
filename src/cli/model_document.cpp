#include "cli/model_document.h"

#include "cli/model_card.h"
#include "model/link.h"
#include "wire/json_writer.h"

#include <algorithm>

namespace ringmaker::cli {
namespace {

using wire::JsonWriter;

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

void write_object(JsonWriter& json, std::string_view key, const auto& pairs) {
  json.key(key).begin_object();
  for (const auto& [name, value] : pairs) {
    json.member(name, value);
  }
  json.end_object();
}

}  // namespace

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

}  // namespace ringmaker::cli
