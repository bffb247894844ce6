// `ringmaker version`
#pragma once

#include "cli/command.h"

namespace ringmaker::cli {

[[nodiscard]] Command version_command() noexcept;

}  // namespace ringmaker::cli
