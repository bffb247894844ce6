// The kernels of dense_kernels.h with 256-bit vectors: 12 of 16 registers hold a tile's sums.
#include "model/dense/dense_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::dense_avx2 {

extern const DenseKernels kKernels;

namespace {

constexpr int kFloats = 8;
constexpr int kTileRows = 6;
constexpr int kTileVectors = 2;
using Floats = float __attribute__((vector_size(32)));
using Integers = int __attribute__((vector_size(32)));
using HalfFloats = float __attribute__((vector_size(16)));
using Doubles = double __attribute__((vector_size(32)));

inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return reinterpret_cast<Floats>(_mm256_fmadd_ps(
      reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
}

inline __m256i first(unsigned long count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

inline Floats load_some(const float* from, unsigned long count) {
  return reinterpret_cast<Floats>(_mm256_maskload_ps(from, first(count)));
}

inline void store_some(float* to, Floats value, unsigned long count) {
  _mm256_maskstore_ps(to, first(count), reinterpret_cast<__m256>(value));
}

inline float folded(Floats lanes) {
  const auto eight = reinterpret_cast<__m256>(lanes);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/dense/dense_kernels-inl.h"

}  // namespace

const DenseKernels kKernels{kFloats, kTileVectors* kFloats, multiply, square_distances, dot, scale,
                            map,     weighted_sum};

}  // namespace ringmaker::model::dense_avx2
