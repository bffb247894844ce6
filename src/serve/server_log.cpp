#include "serve/server_log.h"

#include "base/cpu.h"
#include "base/version.h"
#include "serve/model_files.h"

#include <fmt/format.h>
#include <unistd.h>

namespace ringmaker::serve {

void log_start(telemetry::Log& log, const config::ServeOptions& options, size_t shards,
               const model::Predictor* predictor, const std::string& io) {
  log.write(telemetry::Level::kInfo, "start",
            {{"version", std::string_view(base::kVersion)},
             {"model", predictor != nullptr ? predictor->kind() : "none, see POST /models"},
             {"features", uint64_t{predictor != nullptr ? predictor->schema().feature_count() : 0}},
             {"platform", options.platform},
             {"port", uint64_t{options.port}},
             {"shards", uint64_t{shards}},
             {"isa", base::name(base::detect_instruction_set())},
             {"io", io},
             {"options", options.differences}});
  if (predictor == nullptr && !options.multi_model) {
    log.write(telemetry::Level::kWarn, "no_model",
              {{"detail", fmt::format("there is no {}; the server begins without a model, as where "
                                      "there are many: --model-dir says where one is, "
                                      "SAGEMAKER_MULTI_MODEL=true that none is meant",
                                      options.model_dir)}});
  }
}

void log_model_files(telemetry::Log& log, const std::string& model_path, bool ensemble) {
  constexpr size_t kShown = 32;
  const auto files = find_model_files(model_path);
  if (!files) {
    return;
  }
  if (!ensemble && files->served.size() > 1) {
    log.write(telemetry::Level::kInfo, "model_files_left_out",
              {{"served", files->served.front()},
               {"left_out", uint64_t{files->served.size() - 1}},
               {"detail", "ensemble (SAGEMAKER_INFERENCE_ENSEMBLE) is false"}});
  } else if (files->served.size() > 1 || !files->passed_over.empty()) {
    log.write(telemetry::Level::kInfo, "model_files",
              {{"served", listed(files->served, kShown)},
               {"passed_over", listed(files->passed_over, kShown)}});
  }
}

void log_stop(telemetry::Log& log, const std::vector<std::unique_ptr<ShardMetrics>>& metrics) {
  uint64_t requests = 0;
  uint64_t rows = 0;
  uint64_t errors = 0;
  for (const auto& shard : metrics) {
    requests += shard->requests();
    errors += shard->failures();
    rows += shard->rows.value();
  }
  log.write_repeats();
  log.write(telemetry::Level::kInfo, "stop",
            {{"requests", requests},
             {"rows", rows},
             {"errors", errors},
             {"log_lines_dropped", log.lines_dropped()}});
}

void write_embedded(EmbeddedMetrics& embedded, const base::Clock& clock, telemetry::Log& log) {
  const auto line = embedded.line(clock.wall_ns() / base::kNanosecondsPerMillisecond);
  if (line && !write_line_now(STDOUT_FILENO, *line)) {
    log.write(telemetry::Level::kWarn, "metrics_line_dropped",
              {{"detail", "standard output does not take a line of metrics"}});
  }
}

}  // namespace ringmaker::serve
