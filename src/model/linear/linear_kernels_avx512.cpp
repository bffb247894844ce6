// The kernels of linear_kernels.h with 512-bit vectors: the 32 lanes are two registers, and the
// tail of a row is read under a mask.
#include "model/linear/linear_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::linear_avx512 {

extern const LinearKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

using Floats = __m512;
constexpr size_t kFloats = 16;

inline Floats splat(float value) { return _mm512_set1_ps(value); }
inline Floats load(const float* from) { return _mm512_loadu_ps(from); }
inline void store(float* to, Floats value) { _mm512_storeu_ps(to, value); }

inline __mmask16 tail_mask(size_t left) {
  return left >= 16 ? static_cast<__mmask16>(0xFFFF) : static_cast<__mmask16>((1U << left) - 1U);
}

/// Sixteen distances from the fill; 0 where the value is missing or beyond the row.
inline __m512 distances(const float* x, const float* fill, size_t left) {
  const __mmask16 within = tail_mask(left);
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
    low = _mm512_add_ps(
        low, _mm512_mul_ps(_mm512_loadu_ps(weights + j), distances(row + j, fill + j, left)));
    if (left > 16) {
      high = _mm512_add_ps(high, _mm512_mul_ps(_mm512_loadu_ps(weights + j + 16),
                                               distances(row + j + 16, fill + j + 16, left - 16)));
    }
  }
  return fold(low, high);
}

// NOLINTNEXTLINE(bugprone-suspicious-include): as above, over the vectors of this set.
#include "model/linear/linear_kernels-inl.h"

}  // namespace

const LinearKernels kKernels{score, accumulate, logistic_loop, exponential_loop};

}  // namespace ringmaker::model::linear_avx512
