// The kernels of tree_kernels.h with 512-bit vectors: 64 rows a comparison, 32 or 16 for what is
// left; decisions are mask registers.
#include "model/tree/tree_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::tree_avx512 {

extern const TreeKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/tree_masks-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_ranks-inl.h"

/// Tables of up to 64 leaves are looked up in registers.
[[gnu::always_inline]] inline __m512 leaves_of(__m512i numbers, const float* values,
                                               uint32_t stride) {
  if (stride == 16) {
    return _mm512_permutexvar_ps(numbers, _mm512_loadu_ps(values));
  }
  if (stride == 32) {
    return _mm512_permutex2var_ps(_mm512_loadu_ps(values), numbers, _mm512_loadu_ps(values + 16));
  }
  if (stride == 64) {
    const __m512 low =
        _mm512_permutex2var_ps(_mm512_loadu_ps(values), numbers, _mm512_loadu_ps(values + 16));
    const __m512 high =
        _mm512_permutex2var_ps(_mm512_loadu_ps(values + 32), numbers, _mm512_loadu_ps(values + 48));
    const __mmask16 upper = _mm512_test_epi32_mask(numbers, _mm512_set1_epi32(32));
    return _mm512_mask_blend_ps(upper, low, high);
  }
  return _mm512_i32gather_ps(numbers, values, 4);
}

[[gnu::always_inline]] inline void add_sixteen(__m128i numbers, const float* values,
                                               uint32_t stride, float* sums) {
  const __m512 leaves = leaves_of(_mm512_cvtepu8_epi32(numbers), values, stride);
  _mm512_storeu_ps(sums, _mm512_add_ps(_mm512_loadu_ps(sums), leaves));
}

[[gnu::always_inline]] inline void add_sixteen(__m128i numbers, const double* values,
                                               uint32_t /*stride*/, double* sums) {
  const __m512i indices = _mm512_cvtepu8_epi32(numbers);
  const __m512d low = _mm512_i32gather_pd(_mm512_castsi512_si256(indices), values, 8);
  const __m512d high = _mm512_i32gather_pd(_mm512_extracti64x4_epi64(indices, 1), values, 8);
  _mm512_storeu_pd(sums, _mm512_add_pd(_mm512_loadu_pd(sums), low));
  _mm512_storeu_pd(sums + 8, _mm512_add_pd(_mm512_loadu_pd(sums + 8), high));
}

struct Lanes16 {
  using Bytes = __m128i;
  using Mask = __mmask16;
  static constexpr size_t kCount = 16;

  static Bytes load(const int8_t* from) { return _mm_loadu_epi8(from); }
  static void store(int8_t* to, Bytes bytes) { _mm_storeu_epi8(to, bytes); }
  static Bytes splat(int8_t byte) { return _mm_set1_epi8(byte); }
  static Bytes splat_four(uint32_t word) { return _mm_set1_epi32(static_cast<int>(word)); }
  static Mask greater(Bytes a, Bytes b) { return _mm_cmpgt_epi8_mask(a, b); }
  static Bytes bit(Mask mask, int8_t byte) { return _mm_maskz_mov_epi8(mask, splat(byte)); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return _mm_mask_mov_epi8(left, mask, right);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return _mm_mask_add_epi8(left, mask, right, splat(byte));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t stride, Value* sums) {
    add_sixteen(numbers, values, stride, sums);
  }
};

struct Lanes32 {
  using Bytes = __m256i;
  using Mask = __mmask32;
  static constexpr size_t kCount = 32;

  static Bytes load(const int8_t* from) { return _mm256_loadu_epi8(from); }
  static void store(int8_t* to, Bytes bytes) { _mm256_storeu_epi8(to, bytes); }
  static Bytes splat(int8_t byte) { return _mm256_set1_epi8(byte); }
  static Bytes splat_four(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
  static Mask greater(Bytes a, Bytes b) { return _mm256_cmpgt_epi8_mask(a, b); }
  static Bytes bit(Mask mask, int8_t byte) { return _mm256_maskz_mov_epi8(mask, splat(byte)); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return _mm256_mask_mov_epi8(left, mask, right);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return _mm256_mask_add_epi8(left, mask, right, splat(byte));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t stride, Value* sums) {
    add_sixteen(_mm256_castsi256_si128(numbers), values, stride, sums);
    add_sixteen(_mm256_extracti128_si256(numbers, 1), values, stride, sums + 16);
  }
};

struct Lanes64 {
  using Bytes = __m512i;
  using Mask = __mmask64;
  static constexpr size_t kCount = 64;

  static Bytes load(const int8_t* from) { return _mm512_loadu_si512(from); }
  static void store(int8_t* to, Bytes bytes) { _mm512_storeu_si512(to, bytes); }
  static Bytes splat(int8_t byte) { return _mm512_set1_epi8(byte); }
  static Bytes splat_four(uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
  static Mask greater(Bytes a, Bytes b) { return _mm512_cmpgt_epi8_mask(a, b); }
  static Bytes bit(Mask mask, int8_t byte) { return _mm512_maskz_mov_epi8(mask, splat(byte)); }
  static Bytes select(Mask mask, Bytes left, Bytes right) {
    return _mm512_mask_mov_epi8(left, mask, right);
  }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return _mm512_mask_add_epi8(left, mask, right, splat(byte));
  }
  template <class Value>
  static void add_leaves(Bytes numbers, const Value* values, uint32_t stride, Value* sums) {
    Lanes32::add_leaves(_mm512_castsi512_si256(numbers), values, stride, sums);
    Lanes32::add_leaves(_mm512_extracti64x4_epi64(numbers, 1), values, stride, sums + 32);
  }
};

/// One step down the search tree: 2 * at, plus 1 where x >= entry.
[[gnu::always_inline]] inline __m512i step(__m512i at, __m512 x, __m512 entry) {
  const __mmask16 right = _mm512_cmp_ps_mask(x, entry, _CMP_GE_OQ);
  const __m512i twice = _mm512_add_epi32(at, at);
  return _mm512_mask_add_epi32(twice, right, twice, _mm512_set1_epi32(1));
}

/// The entries of one of the levels 5 to 7, which is 2, 4 or 8 registers long: those of a pair are
/// picked by the low five bits of `at`, pairs by the bits above.
template <int kPairs>
[[gnu::always_inline]] inline __m512 entries(const float* level, __m512i at) {
  if constexpr (kPairs == 1) {
    return _mm512_permutex2var_ps(_mm512_load_ps(level), at, _mm512_load_ps(level + 16));
  } else {
    const __m512 low = entries<kPairs / 2>(level, at);
    const __m512 high = entries<kPairs / 2>(level + kPairs * 16, at);
    const __mmask16 upper = _mm512_test_epi32_mask(at, _mm512_set1_epi32(kPairs * 16));
    return _mm512_mask_blend_ps(upper, low, high);
  }
}

/// Up to 8 levels lie in registers: entries 1 to 15 in the first, 16 to 31 in the second, ...
void search(const float* table, uint32_t levels, const float* x, FeatureValues& values) {
  if (levels > 8) {
    search_loop(table, levels, x, values);
    return;
  }
  const __m512 top = _mm512_load_ps(table);
  for (size_t i = 0; i < values.lanes; i += 16) {
    const __m512 value = _mm512_load_ps(x + i);
    __m512i at = _mm512_set1_epi32(1);
    for (int level = 0; level < 4; ++level) {
      at = step(at, value, _mm512_permutexvar_ps(at, top));
    }
    if (levels > 4) {
      at = step(at, value, _mm512_permutexvar_ps(at, _mm512_load_ps(table + 16)));
    }
    if (levels > 5) {
      at = step(at, value, entries<1>(table + 32, at));
    }
    if (levels > 6) {
      at = step(at, value, entries<2>(table + 64, at));
    }
    if (levels > 7) {
      at = step(at, value, entries<4>(table + 128, at));
    }
    at = _mm512_sub_epi32(at, _mm512_set1_epi32(1 << levels));
    _mm512_store_si512(values.ranks + i, at);
  }
}

void rank(const RankTask& task, int8_t* ranks) { rank_features(task, ranks, search); }

template <class Value>
void masks(const MaskTask& task, const Value* values, Value* sums) {
  fill_leaf_slots<Lanes64>(task);
  for (size_t first = 0; first < task.row_count;) {
    const size_t left = task.row_count - first;
    if (left > Lanes32::kCount) {
      add_lanes<Lanes64>(task, values, first, sums);
      first += Lanes64::kCount;
    } else if (left > Lanes16::kCount) {
      add_lanes<Lanes32>(task, values, first, sums);
      first += Lanes32::kCount;
    } else {
      add_lanes<Lanes16>(task, values, first, sums);
      first += Lanes16::kCount;
    }
  }
}

}  // namespace

const TreeKernels kKernels{rank, masks<float>, masks<double>, 4};

}  // namespace ringmaker::model::tree_avx512
