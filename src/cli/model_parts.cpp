#include "cli/model_parts.h"

#include "model/tree/trees_view.h"

namespace ringmaker::cli {

uint64_t bytes_of(const std::vector<ModelFile>& files) {
  uint64_t bytes = 0;
  for (const ModelFile& file : files) {
    bytes += file.bytes;
  }
  return bytes;
}

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

TreeCounts trees_in(const Parts& parts, const ModelFile& file) {
  if (parts.trees != nullptr) {
    const model::TreesView ensemble = parts.trees->ensemble;
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

double importance_of(const model::Model& model, size_t feature) {
  const auto& importance = model.provenance.importance;
  return feature < importance.size() ? importance[feature] : 0.0;
}

}  // namespace ringmaker::cli
