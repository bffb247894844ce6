// `ringmaker config`: every option of serve and train, its value and where it came from.
#pragma once

#include "cli/command.h"

namespace ringmaker::cli {

/// Takes the options of serve and train, so that a whole command line can be asked about.
[[nodiscard]] Command config_command();

}  // namespace ringmaker::cli
