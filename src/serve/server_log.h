// What a server tells of its start and its end.
#pragma once

#include "base/clock.h"
#include "config/serve_options.h"
#include "model/predictor.h"
#include "serve/embedded_metrics.h"
#include "serve/metrics.h"
#include "telemetry/log.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {

/// `predictor`: of the model behind /invocations; null: there is none. `io`: the backends.
void log_start(telemetry::Log& log, const config::ServeOptions& options, size_t shards,
               const model::Predictor* predictor, const std::string& io);

/// Which files answer as one, or which of several is served where they do not (`ensemble` is
/// false), and which files beside them are no models; nothing of one file that lies alone.
void log_model_files(telemetry::Log& log, const std::string& model_path, bool ensemble);

/// The sums of all shards. Nothing comes behind it.
void log_stop(telemetry::Log& log, const std::vector<std::unique_ptr<ShardMetrics>>& metrics);

/// On standard output, where CloudWatch's agents and SageMaker's logs find it.
void write_embedded(EmbeddedMetrics& embedded, const base::Clock& clock, telemetry::Log& log);

}  // namespace ringmaker::serve
