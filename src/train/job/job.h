// Job: the verb "train": reads the input, fits, writes the model, or says why not.
#pragma once

#include "base/result.h"
#include "config/option_table.h"
#include "config/training_input.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ringmaker::train {

struct JobOptions {
  /// Empty for SageMaker's own layout below `base_dir`.
  std::string data;
  std::string validation;
  std::string label;
  std::string model_dir;
  std::string base_dir = "/opt/ml";
  config::Texts hyperparameters;    // of the command line
  uint16_t rendezvous_port = 7117;  // of the hosts of one job
};

/// Runs the whole job. Inside SageMaker an error has been written to output/failure too.
[[nodiscard]] base::Result<void> run_job(const JobOptions& options);

}  // namespace ringmaker::train
