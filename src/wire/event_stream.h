// Event stream: messages of application/vnd.amazon.eventstream, in which AWS's APIs answer bit by
// bit. All numbers are big-endian, and the checksums are zlib's CRC-32:
//
//   bytes of the message  4 | bytes of its headers  4 | checksum of these eight  4
//   headers: each  bytes of its name  1 | name | 7 (a text)  1 | bytes of its value  2 | value
//   payload
//   checksum of all before  4
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::wire {

struct EventHeader {
  std::string_view name;   // 1 to 255 bytes
  std::string_view value;  // at most 32,767 bytes
};

/// What clients take in one message, beside its headers: AWS's own limit.
inline constexpr size_t kEventPayloadMax = size_t{16} << 20U;

/// Appends one message. `payload` holds at most kEventPayloadMax bytes, headers 128 KiB together.
void append_event(std::string& out, std::span<const EventHeader> headers, std::string_view payload);

}  // namespace ringmaker::wire
