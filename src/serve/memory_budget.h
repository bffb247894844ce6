// MemoryBudget: whether there is room for one more model, asked before it is read.
//
//   room = limit of the container - what this process has - what requests may hold - a margin
//
// A model refused here costs the platform another unload; one that is not costs the endpoint, when
// the kernel ends the process. What loads under way will need counts as used.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace ringmaker::serve {

/// What there is at this moment.
struct MemoryReading {
  uint64_t resident_bytes = 0;   // of this process
  uint64_t available_bytes = 0;  // of the machine, for anybody
};

/// From /proc. What cannot be read counts as nothing used, everything free.
[[nodiscard]] MemoryReading read_memory();

/// What requests may hold where nobody says: two fifths of the container's limit, or, where it has
/// none, of what the machine has left.
[[nodiscard]] uint64_t default_request_bytes(std::optional<uint64_t> limit_bytes,
                                             const MemoryReading& now) noexcept;

struct MemoryBudgetOptions {
  /// Of the container; nothing: the machine's memory is the limit.
  std::optional<uint64_t> limit_bytes;
  /// Kept free for the bodies and rows of requests.
  uint64_t request_bytes = 0;
  std::function<MemoryReading()> read = read_memory;
};

/// Thread-safe.
class MemoryBudget {
 public:
  /// The file, the model in plain form and its predictor stand beside each other for a moment.
  static constexpr uint64_t kCopiesWhileLoading = 3;
  static constexpr uint64_t kBytesOfAnyLoad = uint64_t{256} << 10;

  explicit MemoryBudget(MemoryBudgetOptions options) : options_(std::move(options)) {}

  /// The bytes that a load of files of this size may need at its height.
  [[nodiscard]] static uint64_t needed(uint64_t file_bytes) noexcept;
  /// How much room there is.
  [[nodiscard]] uint64_t room() const;
  /// Takes `bytes` of the room until release(). False when there is less.
  [[nodiscard]] bool reserve(uint64_t bytes);
  void release(uint64_t bytes);

 private:
  [[nodiscard]] uint64_t room_locked() const;

  MemoryBudgetOptions options_;
  mutable std::mutex mutex_;
  uint64_t reserved_ = 0;
};

}  // namespace ringmaker::serve
