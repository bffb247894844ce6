// ModelStore: from a model directory to a predictor that has scored once.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/model.h"
#include "model/predictor.h"

#include <atomic>
#include <memory>
#include <string>

namespace ringmaker::serve {

/// Reads the model in the directory `path` (or the file itself) in one go. The error says what was
/// looked for and what was found instead; of a file that is no model, or more than memory holds,
/// only the start is read. kCancelled once `cancelled` is true, while it reads.
[[nodiscard]] base::Result<model::Model> read_model(const std::string& path,
                                                    const std::atomic<bool>* cancelled = nullptr);

/// Compiles the model and scores one row with it, so that what cannot work fails here.
[[nodiscard]] base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(
    const model::Model& model, base::InstructionSet set);

}  // namespace ringmaker::serve
