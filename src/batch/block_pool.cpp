#include "batch/block_pool.h"

#include "base/check.h"

#include <algorithm>

namespace ringmaker::batch {

BlockPool::BlockPool(size_t columns, size_t kept_max, LentBytes& lent, size_t block_bytes)
    : columns_(columns),
      rows_per_block_(std::max<size_t>(1, block_bytes / (columns * sizeof(float)))),
      block_bytes_(rows_per_block_ * columns * sizeof(float)),
      kept_max_(kept_max),
      lent_(lent) {
  free_.reserve(kept_max);
}

std::unique_ptr<data::DenseBlock> BlockPool::take() {
  lent_.value += block_bytes_;
  if (free_.empty()) {
    return std::make_unique<data::DenseBlock>(columns_, rows_per_block_);
  }
  auto block = std::move(free_.back());
  free_.pop_back();
  block->resize(0);
  return block;
}

void BlockPool::give_back(std::unique_ptr<data::DenseBlock> block) {
  RM_CHECK(block != nullptr);
  RM_CHECK(lent_.value >= block_bytes_);
  lent_.value -= block_bytes_;
  if (free_.size() < kept_max_) {
    free_.push_back(std::move(block));
  }
}

}  // namespace ringmaker::batch
