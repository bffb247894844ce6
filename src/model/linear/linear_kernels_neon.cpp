// The kernels of linear_kernels.h with NEON: the 32 lanes are eight registers, and the tail of a
// row is read by way of a register's worth of memory.
#include "model/linear/linear_kernels.h"

#include <arm_neon.h>

namespace ringmaker::model::linear_neon {

extern const LinearKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

constexpr size_t kFloats = 4;
constexpr size_t kVectors = kLinearLanes / kFloats;

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

void score(const LinearTask& task, float* raw) {
  for (size_t i = 0; i < task.row_count; ++i) {
    const float* row = task.rows + i * task.features;
    for (size_t k = 0; k < task.outputs; ++k) {
      *raw++ = task.bias[k] + dot(row, task.fill, task.weights + k * task.stride, task.features);
    }
  }
}

void add_row(const float* row, const float* fill, float residual, size_t features,
             float* gradient) {
  const float32x4_t factor = vdupq_n_f32(residual);
  for (size_t j = 0; j < features; j += kFloats) {
    const float32x4_t d = distances(row + j, fill + j, features - j);
    vst1q_f32(gradient + j, vaddq_f32(vld1q_f32(gradient + j), vmulq_f32(factor, d)));
  }
}

void add_four_rows(const LinearTask& task, size_t i, size_t k, const float* residual,
                   float* gradient) {
  const float* row0 = task.rows + i * task.features;
  const float* row1 = row0 + task.features;
  const float* row2 = row1 + task.features;
  const float* row3 = row2 + task.features;
  const float32x4_t r0 = vdupq_n_f32(residual[i * task.outputs + k]);
  const float32x4_t r1 = vdupq_n_f32(residual[(i + 1) * task.outputs + k]);
  const float32x4_t r2 = vdupq_n_f32(residual[(i + 2) * task.outputs + k]);
  const float32x4_t r3 = vdupq_n_f32(residual[(i + 3) * task.outputs + k]);
  for (size_t j = 0; j < task.features; j += kFloats) {
    const size_t left = task.features - j;
    const float* fill = task.fill + j;
    const float32x4_t front = vaddq_f32(vmulq_f32(r0, distances(row0 + j, fill, left)),
                                        vmulq_f32(r1, distances(row1 + j, fill, left)));
    const float32x4_t back = vaddq_f32(vmulq_f32(r2, distances(row2 + j, fill, left)),
                                       vmulq_f32(r3, distances(row3 + j, fill, left)));
    vst1q_f32(gradient + j, vaddq_f32(vld1q_f32(gradient + j), vaddq_f32(front, back)));
  }
}

void accumulate(const LinearTask& task, const float* residual, float* gradient) {
  size_t i = 0;
  for (; i + 4 <= task.row_count; i += 4) {
    for (size_t k = 0; k < task.outputs; ++k) {
      add_four_rows(task, i, k, residual, gradient + k * task.stride);
    }
  }
  for (; i < task.row_count; ++i) {
    for (size_t k = 0; k < task.outputs; ++k) {
      add_row(task.rows + i * task.features, task.fill, residual[i * task.outputs + k],
              task.features, gradient + k * task.stride);
    }
  }
}

}  // namespace

const LinearKernels kKernels{score, accumulate, logistic_loop, exponential_loop};

}  // namespace ringmaker::model::linear_neon
