// A model as one JSON document.
#pragma once

#include "cli/model_parts.h"

namespace ringmaker::cli {

/// What the lines of model_text.h say, features in the order of a row, and the model card.
[[nodiscard]] std::string describe_model_as_json(const model::Model& model,
                                                 const std::vector<ModelFile>& files);

}  // namespace ringmaker::cli
