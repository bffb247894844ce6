// The kernels of dense_kernels.h with NEON: 24 of 32 registers hold a tile's sums.
#include "model/dense/dense_kernels.h"

#include <arm_neon.h>

namespace ringmaker::model::dense_neon {

extern const DenseKernels kKernels;

namespace {

constexpr int kFloats = 4;
constexpr int kTileRows = 6;
constexpr int kTileVectors = 4;
using Floats = float __attribute__((vector_size(16)));
using Integers = int __attribute__((vector_size(16)));
using HalfFloats = float __attribute__((vector_size(8)));
using Doubles = double __attribute__((vector_size(16)));

inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return reinterpret_cast<Floats>(vfmaq_f32(reinterpret_cast<float32x4_t>(c),
                                            reinterpret_cast<float32x4_t>(a),
                                            reinterpret_cast<float32x4_t>(b)));
}

/// `count` from 0 to 4; fewer than four floats are brought together by way of memory.
inline Floats load_some(const float* from, unsigned long count) {
  float some[kFloats] = {};
  for (unsigned long i = 0; i < count; ++i) {
    some[i] = from[i];
  }
  return reinterpret_cast<Floats>(vld1q_f32(some));
}

inline void store_some(float* to, Floats value, unsigned long count) {
  float some[kFloats];  // NOLINT(cppcoreguidelines-pro-type-member-init)
  vst1q_f32(some, reinterpret_cast<float32x4_t>(value));
  for (unsigned long i = 0; i < count; ++i) {
    to[i] = some[i];
  }
}

inline float folded(Floats lanes) { return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]); }

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/dense/dense_kernels-inl.h"

}  // namespace

const DenseKernels kKernels{kFloats, kTileVectors* kFloats, multiply, square_distances, dot, scale,
                            map,     weighted_sum};

}  // namespace ringmaker::model::dense_neon
