// `ringmaker serve`
#pragma once

#include "cli/command.h"

namespace ringmaker::cli {

[[nodiscard]] Command serve_command() noexcept;

}  // namespace ringmaker::cli
