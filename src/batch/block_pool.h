// BlockPool: blocks of one size that large payloads borrow, so that rows of any number need neither
// one huge allocation nor a copy to grow, and memory touched once is used again.
#pragma once

#include "data/dense_block.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace ringmaker::batch {

/// Not thread-safe: one a shard. Blocks must come back before it goes.
class BlockPool {
 public:
  /// What a block holds, unless a single row is larger: few page faults, and short to fill.
  static constexpr size_t kBlockBytes = 64 * 1024;
  static constexpr size_t kKeptMax = 32;

  explicit BlockPool(size_t columns);

  /// An empty block.
  [[nodiscard]] std::unique_ptr<data::DenseBlock> take();
  void give_back(std::unique_ptr<data::DenseBlock> block);

  [[nodiscard]] size_t rows_per_block() const noexcept { return rows_per_block_; }
  [[nodiscard]] size_t bytes_lent() const noexcept { return lent_ * block_bytes_; }

 private:
  size_t columns_;
  size_t rows_per_block_;
  size_t block_bytes_;
  size_t lent_ = 0;
  std::vector<std::unique_ptr<data::DenseBlock>> free_;
};

}  // namespace ringmaker::batch
