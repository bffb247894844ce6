// BlockPool: blocks of one size that large payloads borrow, so that rows of any number need neither
// one huge allocation nor a copy to grow, and memory touched once is used again.
#pragma once

#include "data/dense_block.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ringmaker::batch {

/// What all pools of a shard have lent together.
struct LentBytes {
  uint64_t value = 0;
};

/// Not thread-safe: one a shard and kind of block. Blocks must come back before it goes.
class BlockPool {
 public:
  /// What a block holds, unless a single row is larger: few page faults, and short to fill.
  static constexpr size_t kBlockBytes = 64 * 1024;
  /// The same of payloads that are small, and large for a slow model alone: there may be hundreds.
  static constexpr size_t kSmallBlockBytes = 8 * 1024;

  /// Keeps at most `kept_max` blocks that nobody has borrowed.
  BlockPool(size_t columns, size_t kept_max, LentBytes& lent, size_t block_bytes = kBlockBytes);

  /// An empty block.
  [[nodiscard]] std::unique_ptr<data::DenseBlock> take();
  void give_back(std::unique_ptr<data::DenseBlock> block);

  [[nodiscard]] size_t rows_per_block() const noexcept { return rows_per_block_; }
  [[nodiscard]] size_t block_bytes() const noexcept { return block_bytes_; }
  /// Of the blocks that nobody has borrowed.
  [[nodiscard]] size_t bytes_kept() const noexcept { return free_.size() * block_bytes_; }

 private:
  size_t columns_;
  size_t rows_per_block_;
  size_t block_bytes_;
  size_t kept_max_;
  LentBytes& lent_;
  std::vector<std::unique_ptr<data::DenseBlock>> free_;
};

}  // namespace ringmaker::batch
