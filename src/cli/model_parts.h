// What a model is made of and where it lies, for those that describe it.
#pragma once

#include "model/graph/graph_trees.h"
#include "model/model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ringmaker::cli {

/// A file of a model as it was found here.
struct ModelFile {
  std::string name = {};
  uint64_t bytes = 0;
  /// The predictor's: which kernels score how many rows here; empty where there is no choice.
  std::string plan = {};
  /// Of a graph.
  std::vector<model::GraphTrees> trees = {};
};

[[nodiscard]] uint64_t bytes_of(const std::vector<ModelFile>& files);

/// The parts of a model that depend on its kind, beside its schemas; they live as long as it does.
struct Parts {
  model::Link link = model::Link::kIdentity;
  size_t weights = 0;
  const model::AverageParameters* average = nullptr;
  const model::TreeParameters* trees = nullptr;  // of a single model
  const model::GraphParameters* graph = nullptr;
};

[[nodiscard]] Parts parts_of(const model::Model& model);

struct TreeCounts {
  size_t trees = 0;
  size_t nodes = 0;
  size_t leaves = 0;
};

/// None where the model is not made of trees. `file`: the model's, or one of those that answer as
/// one.
[[nodiscard]] TreeCounts trees_in(const Parts& parts, const ModelFile& file);

/// 0 where it is not known.
[[nodiscard]] double importance_of(const model::Model& model, size_t feature);

}  // namespace ringmaker::cli
