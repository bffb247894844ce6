// A model as lines for a person.
#pragma once

#include "cli/model_parts.h"

namespace ringmaker::cli {

/// A few lines: kind, objective, inputs, classes, size, origin, metrics, and the features by
/// importance; what nobody knows is left out. `files`: of models that answer as one a file each,
/// else one.
[[nodiscard]] std::string describe_model(const model::Model& model,
                                         const std::vector<ModelFile>& files);

}  // namespace ringmaker::cli
