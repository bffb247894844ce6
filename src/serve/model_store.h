// ModelStore: from a model directory to a predictor that has scored once.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/model.h"
#include "model/predictor.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {

struct ReadOptions {
  const std::atomic<bool>* cancelled = nullptr;
  bool ensemble = true;  // false: of several model files the first alone
};

/// Reads the model in a directory, or the file itself, each file in one go. In a directory our own
/// model file counts before all others; without one, every file that is a model of a library we
/// import, known by content: one is the model, several answer as one, as in SageMaker's XGBoost
/// container. What may not be read is an error, not absent. The error says what was looked for and
/// what was found instead; of a file that is no model, or more than memory holds, only the start is
/// read. kCancelled once `cancelled` is true, while it reads.
[[nodiscard]] base::Result<model::Model> read_model(const std::string& path,
                                                    const ReadOptions& options = {});

/// The files that read_model() would read of an ensemble, in its order; their sizes are the
/// model's.
[[nodiscard]] base::Result<std::vector<std::string>> model_files(const std::string& path);

/// Compiles the model and scores one row with it, so that what cannot work fails here.
[[nodiscard]] base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(
    model::Model model, base::InstructionSet set);

}  // namespace ringmaker::serve
