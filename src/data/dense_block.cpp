#include "data/dense_block.h"

#include "base/huge_pages.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::data {
namespace {

constexpr std::align_val_t kAlignment{64};

}  // namespace

void DenseBlock::Free::operator()(float* values) const noexcept {
  ::operator delete[](values, kAlignment);
}

std::unique_ptr<float[], DenseBlock::Free> DenseBlock::allocate(size_t floats) {
  // At least one vector's worth, so that an empty block still has an address.
  const size_t bytes = std::max<size_t>(floats * sizeof(float), 64);
  void* const memory = ::operator new[](bytes, kAlignment);
  // Large blocks are filled from front to back right after they are made.
  base::prefer_huge_pages(memory, bytes);
  return std::unique_ptr<float[], Free>(static_cast<float*>(memory));
}

DenseBlock::DenseBlock(size_t columns, size_t rows_capacity)
    : columns_(columns), rows_capacity_(rows_capacity), values_(allocate(columns * rows_capacity)) {
  RM_CHECK(columns > 0);
}

void DenseBlock::reserve(size_t rows_capacity) {
  if (rows_capacity <= rows_capacity_) {
    return;
  }
  auto grown = allocate(columns_ * rows_capacity);
  std::memcpy(grown.get(), values_.get(), rows_ * columns_ * sizeof(float));
  values_ = std::move(grown);
  rows_capacity_ = rows_capacity;
}

}  // namespace ringmaker::data
