// model_metadata: what the Open Inference Protocol tells of a model, filled in from its schema.
//
//   {"name":"heart","versions":["1"],"platform":"ringmaker_linear",
//    "inputs":[{"name":"age","datatype":"FP32","shape":[-1,1]},...],
//    "outputs":[{"name":"probability","datatype":"FP32","shape":[-1]},
//               {"name":"predicted_label","datatype":"BYTES","shape":[-1],
//                "parameters":{"labels":["no","yes"]}}]}
//
// Inputs are one tensor a feature; a model that knows no names has one of whole rows. Outputs are
// those of an answer to a request that names none.
#pragma once

#include "codec/selected/output_selection.h"
#include "model/predictor.h"

#include <string>
#include <string_view>

namespace ringmaker::serve {

/// The one version that a model has here.
inline constexpr std::string_view kModelVersion = "1";

/// `outputs` as configured; empty: what the model's kind answers.
[[nodiscard]] std::string model_metadata(std::string_view name, const model::Predictor& predictor,
                                         const codec::OutputSelection& outputs);

}  // namespace ringmaker::serve
