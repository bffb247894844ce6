#include "bench/latency/request_counter.h"

#include <charconv>

namespace ringmaker::latency {

void RequestCounter::learn(std::string_view bytes) noexcept {
  constexpr std::string_view kLengthField = "\r\nContent-Length: ";
  size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    return;
  }
  std::string_view head = bytes.substr(0, head_end + 2);
  size_t body_bytes = 0;
  size_t field = head.find(kLengthField);
  if (field != std::string_view::npos) {
    const char* digits = head.data() + field + kLengthField.size();
    std::from_chars(digits, head.data() + head.size(), body_bytes);
  }
  request_bytes_ = head_end + 4 + body_bytes;
}

}  // namespace ringmaker::latency
