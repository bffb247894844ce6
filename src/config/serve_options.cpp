#include "config/serve_options.h"

#include <array>

namespace ringmaker::config {
namespace {

constexpr std::array<Option, 16> kTable{{
    {"model-dir", "", "directory with the model; SageMaker: /opt/ml/model", ""},
    {"port", "8080", "TCP port to listen on", "SAGEMAKER_BIND_TO_PORT"},
    {"io", "auto", "how to do network I/O: auto, uring or epoll", ""},
    {"shards", "0", "serving threads; 0: one for each usable CPU",
     "SAGEMAKER_MODEL_SERVER_WORKERS"},
    {"batch-rows-max", "1024", "rows scored by one call at most", ""},
    {"batch-delay-us-max", "0", "microseconds a row may wait for company", ""},
    {"body-bytes-max", "104857600", "bytes of a request body at most", "MAX_CONTENT_LENGTH"},
    {"held-bytes-max", "0", "bytes held for all requests; 0: 40 % of the memory limit", ""},
    {"connections-max", "0", "connections at a time; 0: as many as descriptors allow", ""},
    {"spin-us", "150", "microseconds to look for work before sleeping", ""},
    {"default-accept", "", "answer type where a request names none",
     "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"},
    {"log-format", "auto", "auto, human or json", ""},
    {"log-level", "info", "debug, info, warn, error, or 10 to 40", "SAGEMAKER_CONTAINER_LOG_LEVEL"},
    {"access-log", "errors", "requests to write to the log: off, errors or all", ""},
    {"error-detail", "full", "full, or brief to keep names and values from callers", ""},
    {"base-dir", "/opt/ml", "root of SageMaker's directories", "SAGEMAKER_BASE_DIR"},
}};

}  // namespace

std::span<const Option> serve_option_table() noexcept { return kTable; }

base::Result<ServeOptions> make_serve_options(const OptionValues& values) {
  constexpr uint64_t kGibibyte = uint64_t{1} << 30;
  constexpr std::array<std::string_view, 3> kIo{"auto", "uring", "epoll"};
  constexpr std::array<std::string_view, 3> kLogFormats{"auto", "human", "json"};
  constexpr std::array<std::string_view, 3> kAccessLogs{"off", "errors", "all"};
  constexpr std::array<std::string_view, 2> kDetails{"full", "brief"};
  constexpr std::array<std::string_view, 10> kLevels{"debug", "info", "warn", "warning", "error",
                                                     "10",    "20",   "30",   "40",      "50"};
  ServeOptions options;
  RM_ASSIGN(const uint64_t port, values.integer("port", 1, 65'535));
  options.port = static_cast<uint16_t>(port);
  RM_ASSIGN(options.io, values.choice("io", kIo));
  RM_ASSIGN(options.shards, values.integer("shards", 0, 256));
  RM_ASSIGN(options.batch_rows_max, values.integer("batch-rows-max", 1, 65'536));
  RM_ASSIGN(options.batch_delay_us_max, values.integer("batch-delay-us-max", 0, 1'000'000));
  RM_ASSIGN(options.body_bytes_max, values.integer("body-bytes-max", 1, 64 * kGibibyte));
  RM_ASSIGN(options.held_bytes_max, values.integer("held-bytes-max", 0, 1024 * kGibibyte));
  RM_ASSIGN(options.connections_max, values.integer("connections-max", 0, 1'000'000));
  RM_ASSIGN(options.spin_us, values.integer("spin-us", 0, 1'000'000));
  RM_ASSIGN(options.log_format, values.choice("log-format", kLogFormats));
  RM_ASSIGN(options.log_level, values.choice("log-level", kLevels));
  RM_ASSIGN(options.access_log, values.choice("access-log", kAccessLogs));
  RM_ASSIGN(const std::string detail, values.choice("error-detail", kDetails));
  options.error_detail_brief = detail == "brief";
  options.default_accept = values.text("default-accept");
  options.model_dir = values.text("model-dir");
  if (options.model_dir.empty()) {
    options.model_dir = values.text("base-dir") + "/model";
  }
  options.differences = values.differences();
  return options;
}

}  // namespace ringmaker::config
