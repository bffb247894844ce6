// execution_parameters: what a batch transform job is told that asks how to call us.
#pragma once

#include "config/serve_options.h"

#include <cstddef>
#include <string>

namespace ringmaker::serve {

/// The JSON of GET /execution-parameters: requests at a time, records of a request, mebibytes of a
/// request. The first times the last never exceeds 100, which the platform would refuse. What the
/// job itself asks for goes first there, so this is advice.
[[nodiscard]] std::string execution_parameters(const config::ServeOptions& options, size_t shards);

}  // namespace ringmaker::serve
