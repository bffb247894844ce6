// The kernels of linear_kernels.h with NEON: the 32 lanes are eight registers, and the tail of a
// row is read by way of a register's worth of memory.
#include "model/linear/linear_kernels.h"

#include <arm_neon.h>

namespace ringmaker::model::linear_neon {

extern const LinearKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

using Floats = float32x4_t;
constexpr size_t kFloats = 4;
constexpr size_t kVectors = kLinearLanes / kFloats;

inline Floats splat(float value) { return vdupq_n_f32(value); }
inline Floats load(const float* from) { return vld1q_f32(from); }
inline void store(float* to, Floats value) { vst1q_f32(to, value); }

inline float32x4_t distances_of(float32x4_t value, const float* fill) {
  const uint32x4_t present = vceqq_f32(value, value);
  const float32x4_t distance = vsubq_f32(value, vld1q_f32(fill));
  return vreinterpretq_f32_u32(vandq_u32(present, vreinterpretq_u32_f32(distance)));
}

/// Four distances from the fill (whose padding is 0); 0 where the value is missing or beyond.
inline float32x4_t distances(const float* x, const float* fill, size_t left) {
  if (left >= kFloats) {
    return distances_of(vld1q_f32(x), fill);
  }
  float some[kFloats] = {};
  for (size_t i = 0; i < left; ++i) {
    some[i] = x[i];
  }
  return distances_of(vld1q_f32(some), fill);
}

inline float32x4_t added(float32x4_t sum, const float* weights, float32x4_t distance) {
  return vaddq_f32(sum, vmulq_f32(vld1q_f32(weights), distance));
}

inline float fold(const float32x4_t* lanes) {
  const float32x4_t a = vaddq_f32(lanes[0], lanes[4]);
  const float32x4_t b = vaddq_f32(lanes[1], lanes[5]);
  const float32x4_t c = vaddq_f32(lanes[2], lanes[6]);
  const float32x4_t d = vaddq_f32(lanes[3], lanes[7]);
  const float32x4_t four = vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d));
  const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

inline float dot(const float* row, const float* fill, const float* weights, size_t features) {
  float32x4_t lanes[kVectors];
#pragma GCC unroll 8
  for (size_t v = 0; v < kVectors; ++v) {
    lanes[v] = vdupq_n_f32(0);
  }
  size_t j = 0;
  for (; j + kLinearLanes <= features; j += kLinearLanes) {
#pragma GCC unroll 8
    for (size_t v = 0; v < kVectors; ++v) {
      const size_t at = j + v * kFloats;
      lanes[v] = added(lanes[v], weights + at, distances_of(vld1q_f32(row + at), fill + at));
    }
  }
#pragma GCC unroll 8
  for (size_t v = 0; v < kVectors; ++v) {
    const size_t at = j + v * kFloats;
    if (at < features) {
      lanes[v] = added(lanes[v], weights + at, distances(row + at, fill + at, features - at));
    }
  }
  return fold(lanes);
}

// NOLINTNEXTLINE(bugprone-suspicious-include): as above, over the vectors of this set.
#include "model/linear/linear_kernels-inl.h"

}  // namespace

const LinearKernels kKernels{score, accumulate, logistic_loop, exponential_loop};

}  // namespace ringmaker::model::linear_neon
