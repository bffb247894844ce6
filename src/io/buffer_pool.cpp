#include "io/buffer_pool.h"

#include "base/check.h"

namespace ringmaker::io {

BufferPool::BufferPool(size_t buffer_count, size_t buffer_bytes)
    : buffer_bytes_(buffer_bytes),
      memory_(std::make_unique_for_overwrite<char[]>(buffer_count * buffer_bytes)),
      lent_(buffer_count, false) {
  RM_CHECK(buffer_count > 0);
  RM_CHECK(buffer_bytes > 0);
  free_.reserve(buffer_count);
  for (size_t i = buffer_count; i > 0; --i) {
    free_.push_back(static_cast<BufferId>(i - 1));
  }
}

BufferId BufferPool::take() noexcept {
  RM_CHECK(!free_.empty());
  const BufferId buffer = free_.back();
  free_.pop_back();
  lent_[buffer] = true;
  return buffer;
}

void BufferPool::give_back(BufferId buffer) noexcept {
  RM_CHECK(buffer < lent_.size());
  RM_CHECK(lent_[buffer]);
  lent_[buffer] = false;
  free_.push_back(buffer);
}

}  // namespace ringmaker::io
