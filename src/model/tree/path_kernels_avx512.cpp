// The kernels of path_kernels.h with 512-bit vectors, one for eight rows.
#include "model/tree/path_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::path_avx512 {

extern const PathKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/path_kernels-inl.h"

struct Eight {
  using Vector = __m512d;
  using Mask = __mmask8;

  static Vector load(const double* from) { return _mm512_load_pd(from); }
  static void store(double* to, Vector vector) { _mm512_store_pd(to, vector); }
  static Vector splat(double value) { return _mm512_set1_pd(value); }
  static Vector times(Vector a, Vector b) { return _mm512_mul_pd(a, b); }
  static Vector plus(Vector a, Vector b) { return _mm512_add_pd(a, b); }
  static Vector minus(Vector a, Vector b) { return _mm512_sub_pd(a, b); }
  static Vector kept(Mask mask, Vector a) { return _mm512_maskz_mov_pd(mask, a); }
  static Vector select(Mask mask, Vector a, Vector b) { return _mm512_mask_mov_pd(b, mask, a); }
  static Vector plus_where(Mask mask, Vector a, Vector b) {
    return _mm512_mask_add_pd(a, mask, a, b);
  }
  static Mask all() { return 0xFF; }
  static Mask both(Mask a, Mask b) { return static_cast<Mask>(a & b); }
  static Mask first_only(Mask a, Mask b) { return static_cast<Mask>(a & ~b); }
  static Mask right(const float* values, float cut, bool nan_right) {
    const __m256 x = _mm256_loadu_ps(values);
    const Mask right = _mm256_cmp_ps_mask(x, _mm256_set1_ps(cut), _CMP_GE_OQ);
    return nan_right ? static_cast<Mask>(right | _mm256_cmp_ps_mask(x, x, _CMP_UNORD_Q)) : right;
  }
};

void explain(const PathTask& task) { PathWalk<Eight>(task).run(); }

}  // namespace

const PathKernels kKernels{explain};

}  // namespace ringmaker::model::path_avx512
