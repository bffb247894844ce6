// StreamOptions: how much and how long a bidirectional stream may.
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::serve {

/// Messages of one stream that wait for their answer, or for their end; then nothing more is read.
inline constexpr size_t kMessagesInHandMax = 16;

struct StreamOptions {
  uint64_t message_bytes_max = uint64_t{1} << 30;
  /// Messages that come in pieces are collected up to 64 KiB each, to be decoded at once, while
  /// those of all streams are below this; else their rows fill blocks as they come.
  uint64_t collected_bytes_max = uint64_t{32} << 20;
  uint64_t ping_ns = 30 * base::kNanosecondsPerSecond;         // of silence; 0: never
  uint64_t pong_ns = 30 * base::kNanosecondsPerSecond;         // of silence after it
  uint64_t idle_ns = 1800 * base::kNanosecondsPerSecond;       // without a message; 0: for ever
  uint64_t stall_ns = 10 * base::kNanosecondsPerSecond;        // within a message
  uint64_t close_ns = 1 * base::kNanosecondsPerSecond;         // for the peer's close frame
  uint64_t drain_ns = 300 * base::kNanosecondsPerMillisecond;  // messages may still begin
  uint64_t drain_stall_ns = 8 * base::kNanosecondsPerSecond;   // and must have ended
};

}  // namespace ringmaker::serve
