// Server: the verb "serve". Loads the model, runs the shards, ends in order.
#pragma once

#include "base/result.h"
#include "config/serve_options.h"
#include "telemetry/log.h"

namespace ringmaker::serve {

/// Returns when the server has ended after SIGTERM or SIGINT. An error means that it never began.
[[nodiscard]] base::Result<void> run_server(const config::ServeOptions& options,
                                            telemetry::Log& log);

}  // namespace ringmaker::serve
