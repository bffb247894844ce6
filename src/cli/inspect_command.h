// `ringmaker inspect`: what a model is, for a person, as JSON, or as a SageMaker Model Card.
#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "model/graph/graph_trees.h"
#include "model/model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ringmaker::cli {

[[nodiscard]] Command inspect_command() noexcept;

/// A file of a model as it was found here.
struct ModelFile {
  std::string name = {};
  uint64_t bytes = 0;
  /// The predictor's: which kernels score how many rows here; empty where there is no choice.
  std::string plan = {};
  /// Of a graph.
  std::vector<model::GraphTrees> trees = {};
};

/// A few lines: kind, objective, inputs, classes, size, origin, metrics, and the features by
/// importance; what nobody knows is left out. `files`: of models that answer as one a file each,
/// else one.
[[nodiscard]] std::string describe_model(const model::Model& model,
                                         const std::vector<ModelFile>& files);
/// The same as one JSON document, features in the order of a row.
[[nodiscard]] std::string describe_model_as_json(const model::Model& model,
                                                 const std::vector<ModelFile>& files);

enum class Description : uint8_t { kText, kJson, kCard };

/// `path`: a model file or a directory that holds one.
[[nodiscard]] base::Result<std::string> inspect_model(const std::string& path, Description form);

}  // namespace ringmaker::cli
