#include "batch/block_pool.h"

#include "base/check.h"

#include <algorithm>

namespace ringmaker::batch {

BlockPool::BlockPool(size_t columns)
    : columns_(columns),
      rows_per_block_(std::max<size_t>(1, kBlockBytes / (columns * sizeof(float)))),
      block_bytes_(rows_per_block_ * columns * sizeof(float)) {
  free_.reserve(kKeptMax);
}

std::unique_ptr<data::DenseBlock> BlockPool::take() {
  ++lent_;
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
  RM_CHECK(lent_ > 0);
  --lent_;
  if (free_.size() < kKeptMax) {
    free_.push_back(std::move(block));
  }
}

}  // namespace ringmaker::batch
