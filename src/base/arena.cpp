#include "base/arena.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace ringmaker::base {

Arena::Arena(size_t block_bytes) : block_bytes_(block_bytes) { add_block(block_bytes); }

std::string_view Arena::copy(std::string_view text) {
  const std::span<char> room = take(text.size());
  if (!text.empty()) {
    std::memcpy(room.data(), text.data(), text.size());
  }
  return {room.data(), room.size()};
}

std::span<char> Arena::take(size_t bytes) {
  return {static_cast<char*>(do_allocate(bytes, 1)), bytes};
}

void Arena::reset(size_t kept_bytes_max) {
  if (blocks_.size() > 1 || blocks_.front().size > kept_bytes_max) {
    const size_t kept = std::max(block_bytes_, std::min(bytes_held(), kept_bytes_max));
    if (blocks_.size() > 1 || blocks_.front().size != kept) {
      blocks_.clear();
      add_block(kept);
    }
  }
  offset_ = 0;
}

size_t Arena::bytes_held() const noexcept {
  size_t total = 0;
  for (const Block& block : blocks_) {
    total += block.size;
  }
  return total;
}

void* Arena::do_allocate(size_t bytes, size_t alignment) {
  for (;;) {
    const Block& block = blocks_.back();
    const auto base = reinterpret_cast<uintptr_t>(block.bytes.get());
    const size_t start = ((base + offset_ + alignment - 1) & ~(alignment - 1)) - base;
    if (start <= block.size && bytes <= block.size - start) {
      offset_ = start + bytes;
      return block.bytes.get() + start;
    }
    add_block(bytes + alignment);
  }
}

void Arena::add_block(size_t bytes_min) {
  const size_t size = std::max(block_bytes_, bytes_min);
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  offset_ = 0;
}

}  // namespace ringmaker::base
