// Counter: a number that one thread raises and any thread reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace ringmaker::telemetry {

/// add() from the owning thread only: no locked instruction, no lost update.
class Counter {
 public:
  void add(uint64_t by = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  /// For values that are measured elsewhere.
  void set(uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace ringmaker::telemetry
