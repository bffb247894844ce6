// ModelStore: from a model directory to a predictor that has scored once.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/model.h"
#include "model/predictor.h"

#include <memory>
#include <string>

namespace ringmaker::serve {

/// Reads the model in `directory` (or the file itself) in one go. The error says what was looked
/// for and what was found instead.
[[nodiscard]] base::Result<model::Model> read_model(const std::string& path);

/// Compiles the model and scores one row with it, so that what cannot work fails here.
[[nodiscard]] base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(
    const model::Model& model, base::InstructionSet set);

}  // namespace ringmaker::serve
