// HeldBytes: bytes of requests that have to be kept, counted against what a server may hold.
//
// A connection keeps what is incomplete: a head, a body that came in several pieces, requests that
// wait for their turn. Each is little; all of them together are bounded here.
#pragma once

#include "http/exchange_pool.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::http {

/// What all connections of a server hold. Invariant: held() <= the limit given.
class ByteBudget {
 public:
  explicit ByteBudget(uint64_t bytes_max) noexcept : bytes_max_(bytes_max) {}

  /// False, and nothing is held, beyond the limit.
  [[nodiscard]] bool hold(uint64_t bytes) noexcept {
    if (bytes > bytes_max_ - held_) {
      return false;
    }
    held_ += bytes;
    return true;
  }
  void let_go(uint64_t bytes) noexcept { held_ -= bytes; }
  [[nodiscard]] uint64_t held() const noexcept { return held_; }

 private:
  uint64_t bytes_max_;
  uint64_t held_ = 0;
};

/// Keeps no memory while it is empty.
class HeldBytes {
 public:
  HeldBytes() = default;
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  /// Requires empty(). Both outlive it.
  void open(ExchangePool& pool, ByteBudget& budget) noexcept;

  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] size_t size() const noexcept { return bytes_.size(); }
  /// Lives until the next append, drop or clear.
  [[nodiscard]] std::string_view view() const noexcept { return bytes_; }

  /// False, and nothing is kept of `bytes`, when the budget does not allow it.
  [[nodiscard]] bool append(std::string_view bytes);
  /// The first `count` bytes are not needed any more.
  void drop(size_t count);
  void clear();

 private:
  ExchangePool* pool_ = nullptr;
  ByteBudget* budget_ = nullptr;
  std::string bytes_;
};

}  // namespace ringmaker::http
