#include "wire/event_stream.h"

#include "base/check.h"
#include "wire/inflater.h"

#include <cstdint>

namespace ringmaker::wire {
namespace {

constexpr size_t kPreludeBytes = 12;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kNameMax = 255;
constexpr size_t kValueMax = 32'767;
constexpr char kText = 7;

template <class T>
void append_big_endian(std::string& out, T value) {
  for (size_t byte = sizeof(T); byte-- > 0;) {
    out += static_cast<char>(value >> (8 * byte) & 0xFFU);
  }
}

size_t bytes_of(std::span<const EventHeader> headers) {
  size_t bytes = 0;
  for (const EventHeader& header : headers) {
    RM_CHECK(!header.name.empty() && header.name.size() <= kNameMax);
    RM_CHECK(header.value.size() <= kValueMax);
    bytes += 1 + header.name.size() + 1 + 2 + header.value.size();
  }
  return bytes;
}

}  // namespace

void append_event(std::string& out, std::span<const EventHeader> headers,
                  std::string_view payload) {
  RM_CHECK(payload.size() <= kEventPayloadMax);
  const size_t begin = out.size();
  const size_t header_bytes = bytes_of(headers);
  const size_t bytes = kPreludeBytes + header_bytes + payload.size() + kChecksumBytes;
  const auto checksum = [&] { return crc32(0, std::string_view(out).substr(begin)); };
  out.reserve(begin + bytes);
  append_big_endian(out, static_cast<uint32_t>(bytes));
  append_big_endian(out, static_cast<uint32_t>(header_bytes));
  append_big_endian(out, checksum());
  for (const EventHeader& header : headers) {
    append_big_endian(out, static_cast<uint8_t>(header.name.size()));
    out.append(header.name);
    out += kText;
    append_big_endian(out, static_cast<uint16_t>(header.value.size()));
    out.append(header.value);
  }
  out.append(payload);
  append_big_endian(out, checksum());
}

}  // namespace ringmaker::wire
