// What an event stream holds, read as AWS's clients read it: every length and checksum is looked
// at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::test {

struct StreamEvent {
  std::map<std::string, std::string> headers;
  std::string payload;
};

/// By the definition, a bit at a time.
inline uint32_t crc32_by_bits(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1U ^ (0xEDB8'8320U & (0U - (crc & 1U)));
    }
  }
  return ~crc;
}

/// Nothing where the bytes are no whole messages.
inline std::optional<std::vector<StreamEvent>> read_events(std::string_view bytes) {
  const auto number = [&bytes](size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      value = value << 8U | static_cast<uint8_t>(bytes[at + i]);
    }
    return value;
  };
  const auto checksum = [&bytes](size_t size) { return crc32_by_bits(bytes.substr(0, size)); };
  std::vector<StreamEvent> events;
  while (!bytes.empty()) {
    if (bytes.size() < 16) {
      return std::nullopt;
    }
    const size_t total = number(0, 4);
    const size_t header_bytes = number(4, 4);
    if (total > bytes.size() || header_bytes + 16 > total || checksum(8) != number(8, 4) ||
        checksum(total - 4) != number(total - 4, 4)) {
      return std::nullopt;
    }
    StreamEvent event;
    for (size_t at = 12; at < 12 + header_bytes;) {
      const size_t name_bytes = number(at, 1);
      const std::string name(bytes.substr(at + 1, name_bytes));
      at += 1 + name_bytes;
      if (number(at, 1) != 7) {
        return std::nullopt;
      }
      const size_t value_bytes = number(at + 1, 2);
      event.headers[name] = bytes.substr(at + 3, value_bytes);
      at += 3 + value_bytes;
    }
    event.payload = bytes.substr(12 + header_bytes, total - 16 - header_bytes);
    events.push_back(std::move(event));
    bytes.remove_prefix(total);
  }
  return events;
}

/// What all PayloadPart events hold, one behind the other.
inline std::string joined_parts(const std::vector<StreamEvent>& events) {
  std::string text;
  for (const StreamEvent& event : events) {
    const auto type = event.headers.find(":event-type");
    text += type != event.headers.end() && type->second == "PayloadPart" ? event.payload : "";
  }
  return text;
}

}  // namespace ringmaker::test
