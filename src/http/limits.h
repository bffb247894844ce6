// Limits: what one request, one connection and all of them together may cost.
//
// The shape limits are constants, because the grammar is built around them; sizes, counts and
// times are options. Every limit is answered clearly when it is passed, never by getting slow.
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaker::http {

inline constexpr size_t kRequestLineBytesMax = 8 * 1024;  // without its CR LF
inline constexpr size_t kHeadBytesMax = 32 * 1024;        // request line to the empty line
inline constexpr size_t kFieldsMax = 100;
inline constexpr size_t kEmptyLinesMax = 8;                 // before a request line
inline constexpr size_t kChunkLineBytesMax = 1024;          // size and extensions, without CR LF
inline constexpr size_t kTrailerBytesMax = 8 * 1024;        // all trailer lines with their CR LF
inline constexpr size_t kChunkOverheadFree = 100'000;       // framing bytes nobody asks about
inline constexpr size_t kChunkOverheadPercentMax = 80;      // of all body bytes on the wire, beyond
inline constexpr size_t kPipelinedRequestsMax = 16;         // in hand on one connection
inline constexpr size_t kQueuedReplyBytesMax = 256 * 1024;  // then the connection stops reading

struct Limits {
  uint64_t body_bytes_max = 100ULL << 20;            // collected bodies
  uint64_t streamed_body_bytes_max = 1024ULL << 20;  // bodies taken piece by piece
  /// What a body beyond its limit is told; who knows how limits are set can say more.
  std::string body_too_large = "the body is larger than this server accepts";
  uint64_t discarded_body_bytes_max = 1ULL << 20;  // skipped to keep a connection; else it closes
  uint64_t head_time_ns = 10 * base::kNanosecondsPerSecond;  // from the first byte, absolute
  uint64_t body_silence_ns = 10 * base::kNanosecondsPerSecond;
  uint64_t body_grace_ns = 10 * base::kNanosecondsPerSecond;  // before the rate counts
  uint64_t body_bytes_per_second_min = 512;                   // averaged since the body began
  uint64_t write_silence_ns = 15 * base::kNanosecondsPerSecond;
  uint64_t idle_ns = 75 * base::kNanosecondsPerSecond;
  uint64_t linger_ns = 1 * base::kNanosecondsPerSecond;
  uint64_t drain_idle_ns = 1500 * base::kNanosecondsPerMillisecond;
  uint64_t drain_silence_ns = 8 * base::kNanosecondsPerSecond;
};

}  // namespace ringmaker::http
