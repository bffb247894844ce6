// RequestCounter: how many whole requests have arrived on a connection, without parsing them.
//
// The bare responders serve as the ceiling of what the kernel allows, so they look at one request
// only: the first of a connection tells the size, all others are assumed to be as long.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringmaker::latency {

class RequestCounter {
 public:
  /// `request_bytes` 0: learn it from the first request, whose head must come in one piece.
  explicit RequestCounter(size_t request_bytes = 0) noexcept : request_bytes_(request_bytes) {}

  /// The requests that `bytes` complete.
  size_t count(std::string_view bytes) noexcept {
    if (request_bytes_ == 0) [[unlikely]] {
      learn(bytes);
    }
    pending_ += bytes.size();
    size_t whole = 0;
    while (request_bytes_ > 0 && pending_ >= request_bytes_) {
      pending_ -= request_bytes_;
      ++whole;
    }
    return whole;
  }

 private:
  void learn(std::string_view bytes) noexcept;

  size_t request_bytes_;
  size_t pending_ = 0;
};

}  // namespace ringmaker::latency
