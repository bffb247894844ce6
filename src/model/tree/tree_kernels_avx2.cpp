// The kernels of tree_kernels.h with 256-bit vectors: 32 rows a comparison, 16 for what is left.
#include "model/tree/tree_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::tree_avx2 {

extern const TreeKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/tree_masks-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_ranks-inl.h"

/// Eight leaf numbers, one a byte, and their values.
[[gnu::always_inline]] inline void add_eight(__m128i numbers, const float* values, float* sums) {
  const __m256 leaves = _mm256_i32gather_ps(values, _mm256_cvtepu8_epi32(numbers), 4);
  _mm256_storeu_ps(sums, _mm256_add_ps(_mm256_loadu_ps(sums), leaves));
}

/// Like _mm256_i32gather_pd, in which GCC 12 sees an undefined vector being used.
[[gnu::always_inline]] inline __m256d gather_four(const double* values, __m128i indices) {
  const __m256d all = _mm256_castsi256_pd(_mm256_set1_epi64x(-1));
  return _mm256_mask_i32gather_pd(_mm256_setzero_pd(), values, indices, all, 8);
}

[[gnu::always_inline]] inline void add_eight(__m128i numbers, const double* values, double* sums) {
  const __m256i indices = _mm256_cvtepu8_epi32(numbers);
  const __m256d low = gather_four(values, _mm256_castsi256_si128(indices));
  const __m256d high = gather_four(values, _mm256_extracti128_si256(indices, 1));
  _mm256_storeu_pd(sums, _mm256_add_pd(_mm256_loadu_pd(sums), low));
  _mm256_storeu_pd(sums + 4, _mm256_add_pd(_mm256_loadu_pd(sums + 4), high));
}

struct Lanes16 {
  using Bytes = __m128i;
  using Mask = __m128i;
  static constexpr size_t kCount = 16;

  static Bytes load(const int8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
  static void store(int8_t* to, Bytes bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  }
  static Bytes splat(int8_t byte) { return _mm_set1_epi8(byte); }
  static Bytes splat_four(uint32_t word) { return _mm_set1_epi32(static_cast<int>(word)); }
  static Mask greater(Bytes a, Bytes b) { return _mm_cmpgt_epi8(a, b); }
  static Bytes bit(Mask mask, int8_t byte) { return _mm_and_si128(mask, splat(byte)); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return _mm_blendv_epi8(left, right, mask);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return select(mask, left, _mm_or_si128(right, splat(byte)));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t /*stride*/, Value* sums) {
    add_eight(numbers, values, sums);
    add_eight(_mm_srli_si128(numbers, 8), values, sums + 8);
  }
};

struct Lanes32 {
  using Bytes = __m256i;
  using Mask = __m256i;
  static constexpr size_t kCount = 32;

  static Bytes load(const int8_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static void store(int8_t* to, Bytes bytes) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
  }
  static Bytes splat(int8_t byte) { return _mm256_set1_epi8(byte); }
  static Bytes splat_four(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
  static Mask greater(Bytes a, Bytes b) { return _mm256_cmpgt_epi8(a, b); }
  static Bytes bit(Mask mask, int8_t byte) { return _mm256_and_si256(mask, splat(byte)); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return _mm256_blendv_epi8(left, right, mask);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return select(mask, left, _mm256_or_si256(right, splat(byte)));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t stride, Value* sums) {
    Lanes16::add_leaves(_mm256_castsi256_si128(numbers), values, stride, sums);
    Lanes16::add_leaves(_mm256_extracti128_si256(numbers, 1), values, stride, sums + 16);
  }
};

void rank(const RankTask& task, int8_t* ranks) { rank_features(task, ranks, search_loop); }

}  // namespace

const TreeKernels kKernels{rank, masks<float, Lanes32, Lanes16>, masks<double, Lanes32, Lanes16>,
                           8};

}  // namespace ringmaker::model::tree_avx2
