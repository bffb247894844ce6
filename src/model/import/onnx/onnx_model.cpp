#include "model/import/onnx/onnx_model.h"

#include "base/cpu.h"
#include "base/huge_pages.h"
#include "model/graph/prepared_graph.h"
#include "model/import/gain_shares.h"
#include "model/import/onnx/onnx_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace ringmaker::model {
namespace {

using base::Result;

std::string text_of(const GraphPort& port) {
  if (!port.is_tensor) {
    return port.name + ": a map a row";
  }
  std::string text = fmt::format("{}: {}", port.name, name(port.type));
  if (!port.shaped) {
    return text;
  }
  text += " [";
  for (size_t axis = 0; axis < port.dims.size(); ++axis) {
    text += axis == 0 ? "" : ", ";
    text += port.dims[axis] >= 0 ? fmt::format("{}", port.dims[axis]) : axis == 0 ? "N" : "?";
  }
  return text + "]";
}

void count_operators(const Graph& graph, std::map<std::string, size_t>& counts) {
  for (const GraphNode& node : graph.nodes) {
    ++counts[node.domain.empty() ? node.op : node.domain + ":" + node.op];
  }
}

GraphParameters describe(const GraphFile& file, std::span<const std::byte> bytes) {
  GraphParameters parameters{.ir_version = file.ir_version};
  const auto* first = reinterpret_cast<const uint8_t*>(bytes.data());
  base::reserve_huge(parameters.file, bytes.size());
  parameters.file.assign(first, first + bytes.size());
  for (const Opset& opset : file.opsets) {
    parameters.opsets.emplace_back(opset.domain.empty() ? "ai.onnx" : opset.domain, opset.version);
  }
  std::map<std::string, size_t> counts;
  count_operators(file.graph, counts);
  parameters.operators.assign(counts.begin(), counts.end());
  std::ranges::transform(file.graph.inputs, std::back_inserter(parameters.inputs), text_of);
  std::ranges::transform(file.graph.outputs, std::back_inserter(parameters.outputs), text_of);
  return parameters;
}

data::Schema schema_of(const GraphFeatures& features) {
  data::Schema schema;
  schema.features_named = features.named;
  const bool any_text = std::ranges::any_of(
      features.features, [](const auto& feature) { return feature.kind == FeatureKind::kText; });
  for (const GraphFeatures::Feature& feature : features.features) {
    schema.feature_names.push_back(feature.name);
    if (any_text) {
      schema.category_names.push_back(feature.texts);
      schema.text_features.push_back(feature.kind == FeatureKind::kText);
    }
  }
  return schema;
}

/// By feature: a graph does not say what its splits have gained, only how many there are.
std::vector<double> splits_of(const std::vector<GraphTrees>& trees) {
  std::vector<double> splits;
  for (const GraphTrees& one : trees) {
    splits.resize(std::max(splits.size(), one.splits.size()));
    std::ranges::transform(one.splits, splits, splits.begin(), std::plus<>());
  }
  return splits;
}

}  // namespace

Result<Model> import_onnx(std::span<const std::byte> bytes) {
  RM_ASSIGN(const GraphFile file, read_onnx(bytes));
  RM_ASSIGN(auto prepared, PreparedGraph::make(file, base::detect_instruction_set()));
  Model model;
  model.schema = schema_of(*prepared->built.features);
  model.output = prepared->answer.schema();
  model.provenance.trained_by = file.producer;
  model.provenance.importance =
      gain_shares(splits_of(prepared->built.trees), model.schema.feature_count());
  GraphParameters parameters = describe(file, bytes);
  parameters.prepared = std::move(prepared);
  model.parameters = std::move(parameters);
  RM_TRY(validate(model));
  return model;
}

}  // namespace ringmaker::model
