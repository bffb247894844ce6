#include "serve/shard_options.h"

#include "base/cpu.h"
#include "base/text.h"
#include "codec/media_type.h"
#include "serve/memory_budget.h"

#include <fmt/core.h>

#include <optional>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kMs = base::kNanosecondsPerMillisecond;
/// Whole files of a batch transform job: far from where sums of such numbers overflow.
constexpr uint64_t kWithoutBound = uint64_t{1} << 62;

std::optional<uint64_t> memory_limit(const config::ServeOptions& options) {
  return options.memory_bytes_max != 0 ? options.memory_bytes_max : base::memory_limit_bytes();
}

}  // namespace

uint64_t held_bytes_max(const config::ServeOptions& options) {
  if (options.held_bytes_max != 0) {
    return options.held_bytes_max;
  }
  return default_request_bytes(memory_limit(options), read_memory());
}

base::Result<ShardOptions> make_shard_options(const config::ServeOptions& options, size_t shards) {
  ShardOptions made;
  // Who sets a limit means every body; untouched, those that are decoded as they come may be
  // larger.
  if (options.batch != config::ServeOptions::Batch::kNone) {
    made.http.limits.streamed_body_bytes_max = kWithoutBound;
    made.invocations.defaults.every_line_is_a_row = true;
  }
  if (options.body_bytes_max != 0) {
    made.http.limits.body_bytes_max = options.body_bytes_max;
    made.http.limits.streamed_body_bytes_max = options.body_bytes_max;
  }
  made.http.limits.body_too_large = fmt::format(
      "the body is larger than this server accepts, {} (the option "
      "body-bytes-max, RINGMAKER_BODY_BYTES_MAX)",
      base::counted(made.http.limits.streamed_body_bytes_max, "byte"));
  made.invocations.inflated_bytes_max = options.inflated_bytes_max != 0
                                            ? options.inflated_bytes_max
                                            : made.http.limits.streamed_body_bytes_max;
  made.http.held_bytes_max = held_bytes_max(options) / shards;
  made.invocations.held_bytes_max = made.http.held_bytes_max;
  made.invocations.batch = {options.batch_rows_max, options.batch_delay_us_max};
  made.invocations.mark_bad_records = options.mark_bad_records;
  made.invocations.error_detail_brief = options.error_detail_brief;
  made.invocations.access = {options.access_log.errors, options.access_log.one_in};
  // A batch transform job waits for as long as it takes.
  if (options.batch == config::ServeOptions::Batch::kNone) {
    made.invocations.queue_ns_max = options.queue_ms_max * kMs;
    made.invocations.deadline_ns = options.request_deadline_s != 0
                                       ? options.request_deadline_s * base::kNanosecondsPerSecond
                                       : UINT64_MAX;
  }
  if (options.stall_s_max != 0) {
    const uint64_t stall_ns = options.stall_s_max * base::kNanosecondsPerSecond;
    made.http.limits.body_silence_ns = stall_ns;
    made.http.limits.body_grace_ns = stall_ns;
    made.http.limits.write_silence_ns = stall_ns;
    made.streams.stall_ns = stall_ns;
  }
  made.sessions = {
      .lifetime_s = options.session_s, .shards = shards, .key = base::random_sip_key()};
  made.streams.message_bytes_max = made.http.limits.streamed_body_bytes_max;
  made.streams.collected_bytes_max = made.http.held_bytes_max / 8;
  made.streams.ping_ns = options.stream_ping_s * base::kNanosecondsPerSecond;
  made.streams.pong_ns = made.streams.ping_ns;
  made.streams.idle_ns = options.stream_idle_s_max * base::kNanosecondsPerSecond;
  made.reactor.spin_ns = options.spin_us * base::kNanosecondsPerMicrosecond;
  if (!options.default_accept.empty()) {
    made.invocations.defaults.accept =
        codec::select_response_format(options.default_accept, std::nullopt, codec::Format::kCsv);
    if (!made.invocations.defaults.accept) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} is \"{}\", no type that can be written; possible are {}",
                                    options.default_accept_origin, options.default_accept,
                                    codec::writable_media_types()));
    }
  }
  if (!options.outputs.empty()) {
    const auto outputs = codec::OutputSelection::parse(options.outputs);
    if (!outputs) {
      return base::fail(outputs.error().within(options.outputs_origin));
    }
    made.invocations.defaults.outputs = *outputs;
  }
  return made;
}

ModelKeeperOptions make_keeper_options(const config::ServeOptions& options,
                                       const codec::OutputSelection& outputs, size_t shards,
                                       const Placement& placement) {
  return {
      .models_dir = options.models_dir,
      .instruction_set = base::detect_instruction_set(),
      .memory = {.limit_bytes = memory_limit(options), .request_bytes = held_bytes_max(options)},
      .outputs = outputs,
      .ensemble = options.ensemble,
      .shards = shards,
      .post = [&placement](size_t shard, const ShardMessage& message) {
        return placement.at(shard).post(message);
      }};
}

}  // namespace ringmaker::serve
