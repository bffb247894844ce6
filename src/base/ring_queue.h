// RingQueue: a first-in first-out queue of fixed capacity that never allocates after construction.
#pragma once

#include "base/check.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace ringmaker::base {

/// Not thread-safe.
template <class T>
class RingQueue {
 public:
  explicit RingQueue(size_t capacity)
      : slots_(std::make_unique<T[]>(capacity)), capacity_(capacity) {
    RM_CHECK(capacity > 0);
  }

  [[nodiscard]] size_t size() const noexcept { return size_; }
  [[nodiscard]] size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }

  /// The i-th oldest element, i < size().
  [[nodiscard]] T& operator[](size_t i) {
    RM_DCHECK(i < size_);
    return slots_[wrap(head_ + i)];
  }
  [[nodiscard]] T& front() { return (*this)[0]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }

  /// Requires !full().
  T& push(T value) {
    RM_CHECK(!full());
    T& slot = slots_[wrap(head_ + size_)];
    slot = std::move(value);
    ++size_;
    return slot;
  }
  /// Requires !empty().
  T pop() {
    RM_CHECK(!empty());
    T value = std::move(slots_[head_]);
    head_ = wrap(head_ + 1);
    --size_;
    return value;
  }

 private:
  [[nodiscard]] size_t wrap(size_t index) const noexcept {
    return index >= capacity_ ? index - capacity_ : index;
  }

  std::unique_ptr<T[]> slots_;
  size_t capacity_;
  size_t head_ = 0;
  size_t size_ = 0;
};

}  // namespace ringmaker::base
