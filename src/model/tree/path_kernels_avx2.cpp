// The kernels of path_kernels.h with 256-bit vectors, two for eight rows.
#include "model/tree/path_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::path_avx2 {

extern const PathKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/path_kernels-inl.h"

struct Eight {
  struct Vector {
    __m256d low;
    __m256d high;
  };
  using Mask = Vector;

  static Vector load(const double* from) {
    return {_mm256_load_pd(from), _mm256_load_pd(from + 4)};
  }
  static void store(double* to, const Vector& vector) {
    _mm256_store_pd(to, vector.low);
    _mm256_store_pd(to + 4, vector.high);
  }
  static Vector splat(double value) { return {_mm256_set1_pd(value), _mm256_set1_pd(value)}; }
  static Vector times(const Vector& a, const Vector& b) {
    return {_mm256_mul_pd(a.low, b.low), _mm256_mul_pd(a.high, b.high)};
  }
  static Vector plus(const Vector& a, const Vector& b) {
    return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)};
  }
  static Vector minus(const Vector& a, const Vector& b) {
    return {_mm256_sub_pd(a.low, b.low), _mm256_sub_pd(a.high, b.high)};
  }
  static Vector kept(const Mask& mask, const Vector& a) { return both(mask, a); }
  static Vector select(const Mask& mask, const Vector& a, const Vector& b) {
    return {_mm256_blendv_pd(b.low, a.low, mask.low), _mm256_blendv_pd(b.high, a.high, mask.high)};
  }
  static Vector plus_where(const Mask& mask, const Vector& a, const Vector& b) {
    return select(mask, plus(a, b), a);
  }
  static Mask all() {
    const __m256d ones = _mm256_castsi256_pd(_mm256_set1_epi64x(-1));
    return {ones, ones};
  }
  static Mask both(const Mask& a, const Mask& b) {
    return {_mm256_and_pd(a.low, b.low), _mm256_and_pd(a.high, b.high)};
  }
  static Mask first_only(const Mask& a, const Mask& b) {
    return {_mm256_andnot_pd(b.low, a.low), _mm256_andnot_pd(b.high, a.high)};
  }
  static Mask right(const float* values, float cut, bool nan_right) {
    const __m256 x = _mm256_loadu_ps(values);
    __m256 right = _mm256_cmp_ps(x, _mm256_set1_ps(cut), _CMP_GE_OQ);
    if (nan_right) {
      right = _mm256_or_ps(right, _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    }
    const __m256i bits = _mm256_castps_si256(right);
    return {_mm256_castsi256_pd(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(bits))),
            _mm256_castsi256_pd(_mm256_cvtepi32_epi64(_mm256_extracti128_si256(bits, 1)))};
  }
};

void explain(const PathTask& task) { PathWalk<Eight>(task).run(); }

}  // namespace

const PathKernels kKernels{explain};

}  // namespace ringmaker::model::path_avx2
