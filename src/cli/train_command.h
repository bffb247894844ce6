// `ringmaker train`
#pragma once

#include "cli/command.h"
#include "config/log_options.h"
#include "train/job/job.h"

namespace ringmaker::cli {

[[nodiscard]] Command train_command();

/// The values of train's options, hyperparameters among them. Reads hyperparameters.json where the
/// job is described by files.
[[nodiscard]] base::Result<config::OptionValues> resolve_train(const Call& call);

/// The job that these values describe, where they can be.
[[nodiscard]] base::Result<train::JobOptions> make_job(const config::OptionValues& values,
                                                       const Call& call);

}  // namespace ringmaker::cli
