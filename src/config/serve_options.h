// ServeOptions: what `ringmaker serve` can be told.
#pragma once

#include "base/result.h"
#include "config/log_options.h"
#include "config/option_table.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::config {

/// Which requests are written to the log.
struct AccessLog {
  bool errors = true;
  /// Of those that went well one in so many; 0: none, 1: all. A /ping that went well never is.
  uint64_t one_in = 0;
};

struct ServeOptions {
  /// Whether this is a batch transform job, and whose: the platform's or the SDK's on a laptop.
  enum class Batch : uint8_t { kNone, kPlatform, kLocal };

  std::string model_dir;
  bool model_dir_is_given = false;  // by its own name, not by that of the base directory
  std::string models_dir;           // below it lies what /models may load
  bool multi_model = false;         // begins without a model
  bool ensemble = true;             // several model files answer as one; else the first alone
  Batch batch = Batch::kNone;
  uint16_t port = 8080;
  std::string io;     // auto, uring, epoll
  size_t shards = 0;  // 0: as many as the CPUs this process may use
  uint64_t batch_rows_max = 0;
  uint64_t batch_delay_us_max = 0;
  uint64_t body_bytes_max = 0;      // 0: what http takes for granted
  uint64_t inflated_bytes_max = 0;  // 0: as many as a body may have
  uint64_t held_bytes_max = 0;      // 0: two fifths of the memory limit, or of what is free
  uint64_t memory_bytes_max = 0;    // 0: the container's limit
  uint64_t connections_max = 0;
  uint64_t stall_s_max = 0;        // 0: what http takes for granted
  uint64_t stream_ping_s = 0;      // of silence; 0: never
  uint64_t stream_idle_s_max = 0;  // without a message; 0: for ever
  uint64_t session_s = 0;
  uint64_t sessions_max = 0;
  uint64_t spin_us = 0;
  uint64_t queue_ms_max = 0;        // 0: nobody is turned away for a queue
  uint64_t request_deadline_s = 0;  // 0: none
  uint64_t emf_s = 0;               // between lines of embedded metrics; 0: none
  std::vector<std::pair<std::string, std::string>> emf_dimensions;  // name, value
  std::string default_accept;                                       // a media type, or empty
  std::string default_accept_origin = "default-accept";             // the flag, variable or file
  std::string outputs;  // names joined by commas, or empty: what the model's kind answers
  std::string outputs_origin = "outputs";
  LogSettings log;
  AccessLog access_log;
  bool mark_bad_records = false;  // in the answer, instead of failing the request
  bool error_detail_brief = false;
  std::string platform;     // sagemaker or local, for the start line
  std::string differences;  // what is not the default, for the start line
};

[[nodiscard]] std::span<const Option> serve_option_table() noexcept;
[[nodiscard]] base::Result<ServeOptions> make_serve_options(const OptionValues& values);

/// off, errors, all or 1/N.
[[nodiscard]] base::Result<AccessLog> make_access_log(const OptionValues& values);

}  // namespace ringmaker::config
