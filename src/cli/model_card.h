// ModelCard: what is known of a model, in the fields of a SageMaker Model Card.
#pragma once

#include "model/model.h"

#include <string>

namespace ringmaker::cli {

/// The loss that training minimised, by the name that the program which trained has for it; empty
/// where the model does not say.
[[nodiscard]] std::string objective_of(const model::Model& model);

/// The content of a model card (schema version 1.0) as JSON, for `aws sagemaker
/// create-model-card --content`. Fields of which nothing is known are left out.
[[nodiscard]] std::string model_card(const model::Model& model);

}  // namespace ringmaker::cli
