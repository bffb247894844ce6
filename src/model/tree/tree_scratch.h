// What scoring needs beside its arguments: memory of the calling
// thread, which grows to the largest need at the first call that has it and is not allocated again.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ringmaker::model {

/// Each use has its own memory.
enum class ScratchUse : uint8_t {
  kColumns,
  kRanks,
  kLeaves,
  kSums,
  kGraph,
  kScaled,
  kHidden,
  kPathColumns,
  kPathSums,
  kPathMemory,
};
inline constexpr size_t kScratchUses = 10;

/// At least `bytes` bytes, 64-byte aligned, holding anything; until the thread asks again for the
/// same use.
[[nodiscard]] void* tree_scratch_bytes(ScratchUse use, size_t bytes) noexcept;

template <class Value>
[[nodiscard]] Value* tree_scratch(ScratchUse use, size_t count) noexcept {
  return static_cast<Value*>(tree_scratch_bytes(use, count * sizeof(Value)));
}

}  // namespace ringmaker::model
