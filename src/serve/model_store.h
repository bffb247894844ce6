// ModelStore: from a model directory to a predictor that has scored once.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/model.h"
#include "model/predictor.h"
#include "serve/model_files.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {

struct ReadOptions {
  const std::atomic<bool>* cancelled = nullptr;
  bool ensemble = true;  // false: of several model files the first alone
};

/// Reads the model in a directory (serve/model_files.h), or the file itself, each file in one go.
/// Errors name the file; of one that is no model, or more than memory holds, only so much is read
/// as tells that. kCancelled once `cancelled` is true, while it reads.
[[nodiscard]] base::Result<model::Model> read_model(const std::string& path,
                                                    const ReadOptions& options = {});

/// Compiles a model that has been read and scores one row with it, so that what cannot work fails
/// here.
[[nodiscard]] base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(
    model::Model model, base::InstructionSet set);

}  // namespace ringmaker::serve
