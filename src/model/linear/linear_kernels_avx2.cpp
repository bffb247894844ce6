// The kernels of linear_kernels.h with 256-bit vectors: the 32 lanes are four registers, and the
// tail of a row is read under a mask.
#include "model/linear/linear_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::linear_avx2 {

extern const LinearKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

using Floats = __m256;
constexpr size_t kFloats = 8;

inline Floats splat(float value) { return _mm256_set1_ps(value); }
inline Floats load(const float* from) { return _mm256_loadu_ps(from); }
inline void store(float* to, Floats value) { _mm256_storeu_ps(to, value); }

/// All ones in the first `left` of eight lanes.
inline __m256i tail_mask(size_t left) {
  const int count = left >= 8 ? 8 : static_cast<int>(left);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

inline __m256 distances_of(__m256 value, const float* fill) {
  const __m256 present = _mm256_cmp_ps(value, value, _CMP_ORD_Q);
  return _mm256_and_ps(present, _mm256_sub_ps(value, _mm256_loadu_ps(fill)));
}

/// Eight distances from the fill (whose padding is 0); 0 where the value is missing or beyond.
inline __m256 distances(const float* x, const float* fill, size_t left) {
  return left >= 8 ? distances_of(_mm256_loadu_ps(x), fill)
                   : distances_of(_mm256_maskload_ps(x, tail_mask(left)), fill);
}

inline float fold(__m256 a, __m256 b, __m256 c, __m256 d) {
  const __m256 eight = _mm256_add_ps(_mm256_add_ps(a, c), _mm256_add_ps(b, d));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

inline __m256 added(__m256 sum, const float* weights, __m256 d) {
  return _mm256_add_ps(sum, _mm256_mul_ps(_mm256_loadu_ps(weights), d));
}

inline float dot(const float* row, const float* fill, const float* weights, size_t features) {
  __m256 a = _mm256_setzero_ps();
  __m256 b = a;
  __m256 c = a;
  __m256 d = a;
  size_t j = 0;
  for (; j + 32 <= features; j += 32) {
    a = added(a, weights + j, distances_of(_mm256_loadu_ps(row + j), fill + j));
    b = added(b, weights + j + 8, distances_of(_mm256_loadu_ps(row + j + 8), fill + j + 8));
    c = added(c, weights + j + 16, distances_of(_mm256_loadu_ps(row + j + 16), fill + j + 16));
    d = added(d, weights + j + 24, distances_of(_mm256_loadu_ps(row + j + 24), fill + j + 24));
  }
  const size_t left = features - j;
  if (left > 0) {
    a = added(a, weights + j, distances(row + j, fill + j, left));
  }
  if (left > 8) {
    b = added(b, weights + j + 8, distances(row + j + 8, fill + j + 8, left - 8));
  }
  if (left > 16) {
    c = added(c, weights + j + 16, distances(row + j + 16, fill + j + 16, left - 16));
  }
  if (left > 24) {
    d = added(d, weights + j + 24, distances(row + j + 24, fill + j + 24, left - 24));
  }
  return fold(a, b, c, d);
}

// NOLINTNEXTLINE(bugprone-suspicious-include): as above, over the vectors of this set.
#include "model/linear/linear_kernels-inl.h"

}  // namespace

const LinearKernels kKernels{score, accumulate, logistic_loop, exponential_loop};

}  // namespace ringmaker::model::linear_avx2
