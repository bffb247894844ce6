// openapi: what this server answers, as an OpenAPI 3.1 document, filled in from its model.
#pragma once

#include "model/predictor.h"

#include <span>
#include <string>

namespace ringmaker::serve {

/// `own`: the model behind /invocations; null where there is none. All paths that are answered
/// outside of SageMaker are in it, with example rows of the model that are scored as they stand:
/// `real_row`, or an invented one where that is empty.
[[nodiscard]] std::string openapi(const model::Predictor* own,
                                  std::span<const float> real_row = {});

}  // namespace ringmaker::serve
