// SessionCount: how many sessions are open in the process, all shards together, and that they are
// not more than may be.
#pragma once

#include <atomic>
#include <cstdint>

namespace ringmaker::serve {

/// Any thread. It orders nothing: the sessions themselves are each shard's own.
class SessionCount {
 public:
  explicit SessionCount(uint64_t sessions_max) noexcept : sessions_max_(sessions_max) {}
  SessionCount(const SessionCount&) = delete;
  SessionCount& operator=(const SessionCount&) = delete;

  /// One more; false where that would be too many.
  [[nodiscard]] bool enter() noexcept {
    uint64_t open = open_.load(std::memory_order_relaxed);
    while (open < sessions_max_) {
      if (open_.compare_exchange_weak(open, open + 1, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }
  void leave() noexcept { open_.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t open() const noexcept { return open_.load(std::memory_order_relaxed); }

 private:
  const uint64_t sessions_max_;
  std::atomic<uint64_t> open_{0};
};

}  // namespace ringmaker::serve
