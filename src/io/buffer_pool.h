// BufferPool: the receive buffers of a backend that hands them out itself, allocated once.
#pragma once

#include "io/completion.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace ringmaker::io {

/// Not thread-safe. Every buffer taken is given back exactly once; that is checked.
class BufferPool {
 public:
  BufferPool(size_t buffer_count, size_t buffer_bytes);

  [[nodiscard]] bool empty() const noexcept { return free_.empty(); }
  [[nodiscard]] size_t free_count() const noexcept { return free_.size(); }
  [[nodiscard]] size_t buffer_bytes() const noexcept { return buffer_bytes_; }
  /// Requires !empty().
  [[nodiscard]] BufferId take() noexcept;
  void give_back(BufferId buffer) noexcept;
  [[nodiscard]] std::span<char> bytes(BufferId buffer) noexcept {
    return {memory_.get() + size_t{buffer} * buffer_bytes_, buffer_bytes_};
  }

 private:
  size_t buffer_bytes_;
  std::unique_ptr<char[]> memory_;
  std::vector<BufferId> free_;
  std::vector<bool> lent_;
};

}  // namespace ringmaker::io
