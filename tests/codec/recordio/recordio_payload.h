// RecordIO payloads and protobuf messages put together by hand.
#pragma once

#include "tests/codec/npy/npy_payload.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

inline std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) {
    bytes += static_cast<char>(value | 0x80U);
  }
  return bytes + static_cast<char>(value);
}
/// A length-delimited field.
inline std::string field(uint32_t number, std::string_view content) {
  return varint(number << 3U | 2U) + varint(content.size()) + std::string(content);
}
inline std::string packed_varints(uint32_t number, const std::vector<uint64_t>& values) {
  std::string content;
  for (const uint64_t value : values) {
    content += varint(value);
  }
  return field(number, content);
}
inline std::string packed_floats(uint32_t number, const std::vector<float>& values) {
  return field(number, bytes_of(values));
}

/// Record{features: {name: value}}; `kind` is the number of the tensor's field.
inline std::string record_of(uint32_t kind, std::string_view tensor,
                             std::string_view name = "values") {
  return field(1, field(1, name) + field(2, field(kind, tensor)));
}

inline std::string frame(std::string_view content, uint32_t flag = 0) {
  std::string bytes =
      bytes_of<uint32_t>({0xCED7230A, flag << 29U | static_cast<uint32_t>(content.size())});
  bytes += content;
  bytes.append((4 - content.size() % 4) % 4, '\0');
  return bytes;
}

}  // namespace ringmaker::codec
