#include "model/tree/tree_kernels.h"

#include <cstring>

namespace ringmaker::model {
#if defined(__x86_64__)
namespace tree_avx2 {
extern const TreeKernels kKernels;
}
namespace tree_avx512 {
extern const TreeKernels kKernels;
}
#elif defined(__aarch64__)
namespace tree_neon {
extern const TreeKernels kKernels;
}
#endif

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/tree_masks-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_ranks-inl.h"

/// 16 bytes in the compiler's own vectors: SSE on x86, NEON on ARM.
struct Lanes16 {
  using Bytes = int8_t __attribute__((vector_size(16)));
  using Mask = Bytes;
  static constexpr size_t kCount = 16;

  static Bytes load(const int8_t* from) {
    Bytes bytes;
    std::memcpy(&bytes, from, sizeof(bytes));
    return bytes;
  }
  static void store(int8_t* to, Bytes bytes) { std::memcpy(to, &bytes, sizeof(bytes)); }
  static Bytes splat(int8_t byte) { return Bytes{} + byte; }
  static Bytes splat_four(uint32_t word) {
    using Words = uint32_t __attribute__((vector_size(16)));
    const Words words = Words{} + word;
    Bytes bytes;
    std::memcpy(&bytes, &words, sizeof(bytes));
    return bytes;
  }
  static Mask greater(Bytes a, Bytes b) { return a > b; }
  static Bytes bit(Mask mask, int8_t byte) { return mask & splat(byte); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return (left & ~mask) | (right & mask);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return select(mask, left, right | splat(byte));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t /*stride*/, Value* sums) {
    uint8_t bytes[kCount];
    std::memcpy(bytes, &numbers, sizeof(bytes));
    for (size_t i = 0; i < kCount; ++i) {
      sums[i] += values[bytes[i]];
    }
  }
};

void rank(const RankTask& task, int8_t* ranks) { rank_features(task, ranks, search_loop); }

constexpr TreeKernels kPortable{rank, masks<float, Lanes16>, masks<double, Lanes16>, 16};

}  // namespace

const TreeKernels& tree_kernels(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512) {
    return tree_avx512::kKernels;
  }
  if (set == base::InstructionSet::kAvx2) {
    return tree_avx2::kKernels;
  }
#elif defined(__aarch64__)
  if (set == base::InstructionSet::kNeon) {
    return tree_neon::kKernels;
  }
#endif
  static_cast<void>(set);
  return kPortable;
}

}  // namespace ringmaker::model
