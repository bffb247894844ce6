// `ringmaker train`
#pragma once

#include "cli/command.h"
#include "config/log_options.h"

namespace ringmaker::cli {

[[nodiscard]] Command train_command();

/// The values of train's options, hyperparameters among them. Reads hyperparameters.json where the
/// job is described by files.
[[nodiscard]] base::Result<config::OptionValues> resolve_train(const Call& call);

}  // namespace ringmaker::cli
