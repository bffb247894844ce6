// The kernels of dense_kernels.h with 512-bit vectors: 24 of 32 registers hold a tile's sums.
#include "model/dense/dense_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::dense_avx512 {

extern const DenseKernels kKernels;

namespace {

constexpr int kFloats = 16;
constexpr int kTileRows = 6;
constexpr int kTileVectors = 4;
using Floats = float __attribute__((vector_size(64)));
using Integers = int __attribute__((vector_size(64)));
using HalfFloats = float __attribute__((vector_size(32)));
using Doubles = double __attribute__((vector_size(64)));

inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return reinterpret_cast<Floats>(_mm512_fmadd_ps(
      reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
}

inline __mmask16 first(unsigned long count) { return static_cast<__mmask16>((1U << count) - 1U); }

inline Floats load_some(const float* from, unsigned long count) {
  return reinterpret_cast<Floats>(_mm512_maskz_loadu_ps(first(count), from));
}

inline void store_some(float* to, Floats value, unsigned long count) {
  _mm512_mask_storeu_ps(to, first(count), reinterpret_cast<__m512>(value));
}

inline float folded(Floats lanes) {
  const auto sixteen = reinterpret_cast<__m512>(lanes);
  const __m256 eight =
      _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/dense/dense_kernels-inl.h"

}  // namespace

const DenseKernels kKernels{kFloats, kTileVectors* kFloats, multiply, square_distances, dot, scale,
                            map,     weighted_sum};

}  // namespace ringmaker::model::dense_avx512
