#include "model/dense/dense_kernels.h"

namespace ringmaker::model {
#if defined(__x86_64__)
namespace dense_avx2 {
extern const DenseKernels kKernels;
}
namespace dense_avx512 {
extern const DenseKernels kKernels;
}
#elif defined(__aarch64__)
namespace dense_neon {
extern const DenseKernels kKernels;
}
#endif

namespace {

// 128-bit vectors, which x86-64-v2 and 64-bit ARM have: 8 registers hold a tile's sums.
constexpr int kFloats = 4;
constexpr int kTileRows = 4;
constexpr int kTileVectors = 2;
using Floats = float __attribute__((vector_size(16)));
using Integers = int __attribute__((vector_size(16)));
using HalfFloats = float __attribute__((vector_size(8)));
using Doubles = double __attribute__((vector_size(16)));

inline Floats multiply_add(Floats a, Floats b, Floats c) { return a * b + c; }

inline Floats load_some(const float* from, unsigned long count) {
  Floats value = {};
  for (unsigned long i = 0; i < count; ++i) {
    value[i] = from[i];
  }
  return value;
}

inline void store_some(float* to, Floats value, unsigned long count) {
  for (unsigned long i = 0; i < count; ++i) {
    to[i] = value[i];
  }
}

inline float folded(Floats lanes) { return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]); }

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/dense/dense_kernels-inl.h"

constexpr DenseKernels kPortable{
    kFloats, kTileVectors* kFloats, multiply, square_distances, dot, scale, map, weighted_sum};

}  // namespace

const DenseKernels& dense_kernels(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512) {
    return dense_avx512::kKernels;
  }
  if (set == base::InstructionSet::kAvx2) {
    return dense_avx2::kKernels;
  }
#elif defined(__aarch64__)
  if (set == base::InstructionSet::kNeon) {
    return dense_neon::kKernels;
  }
#endif
  static_cast<void>(set);
  return kPortable;
}

}  // namespace ringmaker::model
