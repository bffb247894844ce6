#include "model/tree/tree_scratch.h"

#include <array>
#include <memory>
#include <new>

namespace ringmaker::model {
namespace {

constexpr std::align_val_t kAlignment{64};

struct Free {
  void operator()(void* bytes) const noexcept { ::operator delete(bytes, kAlignment); }
};

struct Memory {
  std::unique_ptr<void, Free> bytes;
  size_t size = 0;
};

}  // namespace

void* tree_scratch_bytes(ScratchUse use, size_t bytes) noexcept {
  thread_local std::array<Memory, kScratchUses> memories;
  Memory& memory = memories[static_cast<size_t>(use)];
  if (memory.size < bytes) {
    memory.bytes.reset();
    memory.bytes.reset(::operator new(bytes, kAlignment));
    memory.size = bytes;
  }
  return memory.bytes.get();
}

}  // namespace ringmaker::model
