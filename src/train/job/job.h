// Job: the verb "train": reads the input, fits, writes the model, or says why not.
#pragma once

#include "base/result.h"
#include "config/option_table.h"
#include "config/training_input.h"
#include "telemetry/log.h"

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
  config::Texts hyperparameters;         // of the command line
  config::Texts hyperparameter_origins;  // where each comes from, for errors
  std::string source_date_epoch;         // the variable of this name; empty: not set
  uint16_t rendezvous_port = 7117;       // of the hosts of one job
};

/// Runs the whole job: metric lines go to standard output, all else that it tells to the log.
/// Inside SageMaker an error has been written to output/failure too, and that of an earlier job is
/// gone. kCancelled, told in the log, when it was asked to stop before there was a model; a job
/// that is stopped later succeeds with the best model so far.
[[nodiscard]] base::Result<void> run_job(const JobOptions& options, telemetry::Log& log);

/// Writes output/failure below `base_dir`: the cause first, at most 1024 bytes of it, as the
/// platform shows it.
[[nodiscard]] base::Result<void> write_failure(const std::string& base_dir,
                                               const base::Error& error);

}  // namespace ringmaker::train
