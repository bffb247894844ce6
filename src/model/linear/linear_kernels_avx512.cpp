// The kernels of linear_kernels.h with 512-bit vectors: the 32 lanes are two registers, and the
// tail of a row is read under a mask.
#include "model/linear/linear_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::linear_avx512 {

extern const LinearKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

inline __mmask16 tail_mask(size_t left) {
  return left >= 16 ? static_cast<__mmask16>(0xFFFF) : static_cast<__mmask16>((1U << left) - 1U);
}

/// Sixteen distances from the fill; 0 where the value is missing or beyond the row.
inline __m512 distances(const float* x, const float* fill, __mmask16 within) {
  const __m512 value = _mm512_maskz_loadu_ps(within, x);
  const __mmask16 present = _mm512_mask_cmp_ps_mask(within, value, value, _CMP_ORD_Q);
  return _mm512_maskz_sub_ps(present, value, _mm512_maskz_loadu_ps(within, fill));
}

inline __m512 distances(const float* x, const float* fill) {
  const __m512 value = _mm512_loadu_ps(x);
  const __mmask16 present = _mm512_cmp_ps_mask(value, value, _CMP_ORD_Q);
  return _mm512_maskz_sub_ps(present, value, _mm512_loadu_ps(fill));
}

inline float fold(__m512 low, __m512 high) {
  const __m512 sixteen = _mm512_add_ps(low, high);
  const __m256 eight =
      _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

inline float dot(const float* row, const float* fill, const float* weights, size_t features) {
  __m512 low = _mm512_setzero_ps();
  __m512 high = _mm512_setzero_ps();
  size_t j = 0;
  for (; j + 32 <= features; j += 32) {
    low = _mm512_add_ps(low,
                        _mm512_mul_ps(_mm512_loadu_ps(weights + j), distances(row + j, fill + j)));
    high = _mm512_add_ps(high, _mm512_mul_ps(_mm512_loadu_ps(weights + j + 16),
                                             distances(row + j + 16, fill + j + 16)));
  }
  if (j < features) {
    const size_t left = features - j;
    low = _mm512_add_ps(low, _mm512_mul_ps(_mm512_loadu_ps(weights + j),
                                           distances(row + j, fill + j, tail_mask(left))));
    if (left > 16) {
      high = _mm512_add_ps(
          high, _mm512_mul_ps(_mm512_loadu_ps(weights + j + 16),
                              distances(row + j + 16, fill + j + 16, tail_mask(left - 16))));
    }
  }
  return fold(low, high);
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
  const __m512 factor = _mm512_set1_ps(residual);
  for (size_t j = 0; j < features; j += 16) {
    const __m512 d = distances(row + j, fill + j, tail_mask(features - j));
    const __m512 sum = _mm512_add_ps(_mm512_loadu_ps(gradient + j), _mm512_mul_ps(factor, d));
    _mm512_storeu_ps(gradient + j, sum);
  }
}

void add_four_rows(const LinearTask& task, size_t i, size_t k, const float* residual,
                   float* gradient) {
  const float* row0 = task.rows + i * task.features;
  const float* row1 = row0 + task.features;
  const float* row2 = row1 + task.features;
  const float* row3 = row2 + task.features;
  const __m512 r0 = _mm512_set1_ps(residual[i * task.outputs + k]);
  const __m512 r1 = _mm512_set1_ps(residual[(i + 1) * task.outputs + k]);
  const __m512 r2 = _mm512_set1_ps(residual[(i + 2) * task.outputs + k]);
  const __m512 r3 = _mm512_set1_ps(residual[(i + 3) * task.outputs + k]);
  for (size_t j = 0; j < task.features; j += 16) {
    const __mmask16 within = tail_mask(task.features - j);
    const float* fill = task.fill + j;
    const __m512 front = _mm512_add_ps(_mm512_mul_ps(r0, distances(row0 + j, fill, within)),
                                       _mm512_mul_ps(r1, distances(row1 + j, fill, within)));
    const __m512 back = _mm512_add_ps(_mm512_mul_ps(r2, distances(row2 + j, fill, within)),
                                      _mm512_mul_ps(r3, distances(row3 + j, fill, within)));
    const __m512 sum = _mm512_add_ps(_mm512_loadu_ps(gradient + j), _mm512_add_ps(front, back));
    _mm512_storeu_ps(gradient + j, sum);
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

}  // namespace ringmaker::model::linear_avx512
