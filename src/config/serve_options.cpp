#include "config/serve_options.h"

#include "base/text.h"

#include <array>
#include <charconv>

namespace ringmaker::config {
namespace {

constexpr uint64_t kMebibyte = uint64_t{1} << 20;
constexpr uint64_t kGibibyte = uint64_t{1} << 30;

constexpr std::array<std::string_view, 3> kIo{"auto", "uring", "epoll"};
constexpr std::array<std::string_view, 2> kDetails{"full", "brief"};
constexpr std::array<std::string_view, 2> kBadRecords{"fail", "mark"};
constexpr std::array<std::string_view, 3> kPlatforms{"auto", "sagemaker", "local"};

constexpr std::array<PlatformVariable, 1> kPort{{{"SAGEMAKER_BIND_TO_PORT"}}};
constexpr std::array<PlatformVariable, 3> kWorkers{{{"SAGEMAKER_MODEL_SERVER_WORKERS"},
                                                    {"SAGEMAKER_NUM_MODEL_WORKERS"},
                                                    {"MODEL_SERVER_WORKERS"}}};
constexpr std::array<PlatformVariable, 3> kBodyBytes{{{"SAGEMAKER_MAX_PAYLOAD_IN_MB", kMebibyte},
                                                      {"SAGEMAKER_MAX_REQUEST_SIZE", kMebibyte},
                                                      {"MAX_CONTENT_LENGTH"}}};
constexpr std::array<PlatformVariable, 3> kTimeouts{{{"SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS"},
                                                     {"SAGEMAKER_MODEL_SERVER_TIMEOUT"},
                                                     {"MODEL_SERVER_TIMEOUT"}}};
constexpr std::array<PlatformVariable, 1> kAccept{{{"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"}}};
constexpr std::array<PlatformVariable, 1> kBatch{{{"SAGEMAKER_BATCH"}}};
constexpr std::array<PlatformVariable, 1> kOutputs{{{"SAGEMAKER_INFERENCE_OUTPUT"}}};
constexpr std::array<PlatformVariable, 1> kBaseDir{{{"SAGEMAKER_BASE_DIR"}}};

constexpr std::array<PlatformVariable, 1> kMultiModel{{{"SAGEMAKER_MULTI_MODEL"}}};
constexpr std::array<PlatformVariable, 1> kEnsemble{{{"SAGEMAKER_INFERENCE_ENSEMBLE"}}};

constexpr std::array<Option, 35> kTable{{
    {"model-dir", "DIR", "", "model's folder (else base-dir/model)"},
    {"models-dir", "DIR", "", "root of what /models may load (else models below base-dir)"},
    {"multi-model", "", "false", "begin without a model; POST /models brings them", kMultiModel},
    {"ensemble", "BOOL", "true", "false: of several model files the first alone", kEnsemble},
    {"batch-transform", "", "false", "serve a batch transform job: no bound on bodies", kBatch},
    {"port", "N", "8080", "TCP port", kPort},
    {"shards", "N", "0", "serving threads (0: one for each usable CPU)", kWorkers},
    {"io", "HOW", "auto", "network I/O: auto, uring or epoll", {}, kIo},
    {"batch-rows-max", "N", "1024", "rows scored by one call"},
    {"batch-delay-us-max", "N", "0", "microseconds a row may wait"},
    {"body-bytes-max", "N", "0",
     "bytes of a request body (0: 100 MiB, 1 GiB for formats that are read as they come)",
     kBodyBytes},
    {"inflated-bytes-max", "N", "0", "bytes a coded body may inflate to (0: as any body)"},
    {"held-bytes-max", "N", "0", "bytes held for requests (0: 40 %)"},
    {"memory-bytes-max", "N", "0", "bytes of memory (0: all allowed)"},
    {"connections-max", "N", "0", "connections (0: all allowed)"},
    {"stall-s-max", "N", "0", "seconds a transfer may stand still (0: 10 in, 15 out)", kTimeouts},
    {"queue-ms-max", "N", "100", "longest queue before 503 (0: any)"},
    {"request-deadline-s", "N", "60", "seconds to answer in (0: any)"},
    {"stream-ping-s", "N", "30", "seconds to a ping (0: none)"},
    {"stream-idle-s-max", "N", "1800", "seconds of idleness (0: any)"},
    {"session-s", "N", "1200", "seconds a session lasts"},
    {"sessions-max", "N", "65536", "sessions open at a time"},
    {"spin-us", "N", "30", "microseconds of polling before sleep"},
    {"default-accept", "TYPE", "", "answer type where a request names none", kAccept},
    {"outputs", "LIST", "", "what answers hold, such as predicted_label,probability", kOutputs},
    {"on-bad-record", "HOW", "fail", "fail, or mark the record", {}, kBadRecords},
    {"error-detail", "HOW", "full", "full, or brief: no names, values", {}, kDetails},
    {"access-log", "WHICH", "errors", "log: off, errors, all, 1/N"},
    {"emf", "N", "0", "seconds between CloudWatch lines (0: none)"},
    {"emf-dimensions", "LIST", "", "their dimensions: Name=value,..."},
    kLogFormatOption,
    kLogLevelOption,
    {"platform", "WHERE", "auto", "sagemaker, local, auto: by arguments", {}, kPlatforms},
    {"base-dir", "DIR", "/opt/ml", "root of SageMaker's directories", kBaseDir},
    {"config", "FILE", "", "TOML file of options"},
}};

/// The platform writes true, the SDK's local mode True.
base::Result<ServeOptions::Batch> make_batch(const OptionValues& values) {
  RM_ASSIGN(const bool batch, values.boolean("batch-transform"));
  if (!batch) {
    return ServeOptions::Batch::kNone;
  }
  return values.text("batch-transform") == "True" ? ServeOptions::Batch::kLocal
                                                  : ServeOptions::Batch::kPlatform;
}

/// "Endpoint=heart,Stage=prod".
base::Result<std::vector<std::pair<std::string, std::string>>> make_dimensions(
    const OptionValues& values) {
  constexpr size_t kDimensionsMax = 30;  // CloudWatch's
  std::vector<std::pair<std::string, std::string>> dimensions;
  for (std::string_view list = values.text("emf-dimensions"); !list.empty();) {
    const std::string_view one = base::take_item(list);
    const size_t equals = one.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == one.size() ||
        dimensions.size() == kDimensionsMax) {
      return base::fail(
          values.wrong("emf-dimensions", "at most 30 of Name=value, joined by commas"));
    }
    dimensions.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  return dimensions;
}

}  // namespace

std::span<const Option> serve_option_table() noexcept { return kTable; }

base::Result<AccessLog> make_access_log(const OptionValues& values) {
  const std::string& text = values.text("access-log");
  if (text == "off") {
    return AccessLog{.errors = false, .one_in = 0};
  }
  if (text == "errors") {
    return AccessLog{.errors = true, .one_in = 0};
  }
  if (text == "all") {
    return AccessLog{.errors = true, .one_in = 1};
  }
  AccessLog log;
  const char* end = text.data() + text.size();
  if (text.starts_with("1/")) {
    const auto [stop, error] = std::from_chars(text.data() + 2, end, log.one_in);
    if (error == std::errc() && stop == end && log.one_in > 0) {
      return log;
    }
  }
  return base::fail(values.wrong("access-log", "off, errors, all, or 1/N for one request in N"));
}

base::Result<ServeOptions> make_serve_options(const OptionValues& values) {
  ServeOptions options;
  RM_ASSIGN(const uint64_t port, values.integer("port", 1, 65'535));
  options.port = static_cast<uint16_t>(port);
  RM_ASSIGN(options.io, values.choice("io"));
  RM_ASSIGN(options.shards, values.integer("shards", 0, 256));
  RM_ASSIGN(options.batch_rows_max, values.integer("batch-rows-max", 1, 65'536));
  RM_ASSIGN(options.batch_delay_us_max, values.integer("batch-delay-us-max", 0, 1'000'000));
  RM_ASSIGN(options.body_bytes_max, values.integer("body-bytes-max", 0, 64 * kGibibyte));
  RM_ASSIGN(options.inflated_bytes_max, values.integer("inflated-bytes-max", 0, 64 * kGibibyte));
  RM_ASSIGN(options.held_bytes_max, values.integer("held-bytes-max", 0, 1024 * kGibibyte));
  RM_ASSIGN(options.memory_bytes_max, values.integer("memory-bytes-max", 0, 1024 * kGibibyte));
  RM_ASSIGN(options.connections_max, values.integer("connections-max", 0, 1'000'000));
  RM_ASSIGN(options.stall_s_max, values.integer("stall-s-max", 0, 86'400));
  RM_ASSIGN(options.queue_ms_max, values.integer("queue-ms-max", 0, 3'600'000));
  RM_ASSIGN(options.request_deadline_s, values.integer("request-deadline-s", 0, 86'400));
  RM_ASSIGN(options.emf_s, values.integer("emf", 0, 86'400));
  RM_ASSIGN(options.emf_dimensions, make_dimensions(values));
  RM_ASSIGN(options.stream_ping_s, values.integer("stream-ping-s", 0, 86'400));
  RM_ASSIGN(options.stream_idle_s_max, values.integer("stream-idle-s-max", 0, 86'400));
  RM_ASSIGN(options.session_s, values.integer("session-s", 1, 31'536'000));
  RM_ASSIGN(options.sessions_max, values.integer("sessions-max", 1, 16'777'216));
  RM_ASSIGN(options.spin_us, values.integer("spin-us", 0, 1'000'000));
  RM_ASSIGN(options.log, make_log_settings(values));
  RM_ASSIGN(options.access_log, make_access_log(values));
  RM_ASSIGN(const std::string detail, values.choice("error-detail"));
  options.error_detail_brief = detail == "brief";
  RM_ASSIGN(const std::string on_bad_record, values.choice("on-bad-record"));
  options.mark_bad_records = on_bad_record == "mark";
  RM_ASSIGN(options.platform, values.choice("platform"));
  options.default_accept = values.text("default-accept");
  options.default_accept_origin = values.get("default-accept").origin;
  options.outputs = values.text("outputs");
  options.outputs_origin = values.get("outputs").origin;
  options.model_dir = values.text("model-dir");
  options.model_dir_is_given = !options.model_dir.empty();
  if (options.model_dir.empty()) {
    options.model_dir = values.text("base-dir") + "/model";
  }
  options.models_dir = values.text("models-dir");
  if (options.models_dir.empty()) {
    options.models_dir = values.text("base-dir") + "/models";
  }
  RM_ASSIGN(options.multi_model, values.boolean("multi-model"));
  RM_ASSIGN(options.ensemble, values.boolean("ensemble"));
  RM_ASSIGN(options.batch, make_batch(values));
  options.differences = values.differences();
  return options;
}

}  // namespace ringmaker::config
