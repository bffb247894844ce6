// The kernels of tree_kernels.h with 512-bit vectors: 64 rows a comparison, 32 or 16 for what is
// left; decisions are mask registers.
#include "model/tree/tree_kernels.h"

#include <immintrin.h>

namespace ringmaker::model::tree_avx512 {

extern const TreeKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every file that needs it.
#include "model/tree/leaf_lookup_avx512-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_masks-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_ranks-inl.h"

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
    add_numbered(_mm512_cvtepu8_epi32(numbers), values, stride, sums);
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
    Lanes16::add_leaves(_mm256_castsi256_si128(numbers), values, stride, sums);
    Lanes16::add_leaves(_mm256_extracti128_si256(numbers, 1), values, stride, sums + 16);
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

/// Features that are taken out of the rows together.
constexpr size_t kFeaturesTaken = 16;

struct TakenFeatures {
  alignas(64) float x[kFeaturesTaken][kLanes];
};

/// One of four rounds that turn 16 rows of 16 floats into their columns: neighbours in `to` come
/// from the two halves of `from`.
[[gnu::always_inline]] inline void interleave(const __m512* from, __m512* to) {
  const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    to[2 * i] = _mm512_permutex2var_ps(from[i], low, from[i + 8]);
    to[2 * i + 1] = _mm512_permutex2var_ps(from[i], high, from[i + 8]);
  }
}

/// Features [first, first + kFeaturesTaken) of all rows; lanes behind the rows repeat the last one.
inline void take(const RankTask& task, size_t first, TakenFeatures& taken) {
  const size_t left = task.features - first;
  const auto kept = static_cast<__mmask16>(left < 16 ? (1U << left) - 1 : 0xFFFFU);
  for (size_t lane = 0; lane < task.row_count; lane += 16) {
    __m512 rows[16];
    __m512 turned[16];
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; ++i) {
      const size_t row = lane + i < task.row_count ? lane + i : task.row_count - 1;
      rows[i] = _mm512_maskz_loadu_ps(kept, task.rows + row * task.features + first);
    }
    interleave(rows, turned);
    interleave(turned, rows);
    interleave(rows, turned);
    interleave(turned, rows);
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; ++i) {
      _mm512_store_ps(taken.x[i] + lane, rows[i]);
    }
  }
}

/// Up to 8 levels lie in registers: entries 1 to 15 in the first, 16 to 31 in the second, ...
/// kVectors searches of 16 values go side by side, because each waits for itself at every level.
template <int kVectors>
[[gnu::always_inline]] inline void search(const float* table, uint32_t levels, const float* x,
                                          __m512i* at) {
  __m512 value[kVectors];
  for (int i = 0; i < kVectors; ++i) {
    value[i] = _mm512_load_ps(x + 16 * i);
    at[i] = _mm512_set1_epi32(1);
  }
  const __m512 top = _mm512_load_ps(table);
#pragma GCC unroll 4
  for (int level = 0; level < 4; ++level) {
    for (int i = 0; i < kVectors; ++i) {
      at[i] = step(at[i], value[i], _mm512_permutexvar_ps(at[i], top));
    }
  }
  if (levels > 4) {
    for (int i = 0; i < kVectors; ++i) {
      at[i] = step(at[i], value[i], _mm512_permutexvar_ps(at[i], _mm512_load_ps(table + 16)));
    }
  }
  if (levels > 5) {
    for (int i = 0; i < kVectors; ++i) {
      at[i] = step(at[i], value[i], entries<1>(table + 32, at[i]));
    }
  }
  if (levels > 6) {
    for (int i = 0; i < kVectors; ++i) {
      at[i] = step(at[i], value[i], entries<2>(table + 64, at[i]));
    }
  }
  if (levels > 7) {
    for (int i = 0; i < kVectors; ++i) {
      at[i] = step(at[i], value[i], entries<4>(table + 128, at[i]));
    }
  }
}

/// A feature of up to 8 levels, which has one column for each of its variants.
template <int kVectors>
inline void rank_feature(const RankTask& task, const RankedFeature& ranked, const float* x,
                         int8_t* ranks) {
  __m512i at[kVectors];
  search<kVectors>(task.tables + ranked.table_begin, ranked.levels, x, at);
  const __m512i bias = _mm512_set1_epi32((1 << ranked.levels) + kRankBias);
  for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
    const RankVariant& variant = task.variants[v];
    int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
#pragma GCC unroll 4
    for (int i = 0; i < kVectors; ++i) {
      const __m512 value = _mm512_load_ps(x + 16 * i);
      __mmask16 missing = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
      if (variant.zero_missing) {
        missing |= _mm512_cmp_ps_mask(_mm512_abs_ps(value), _mm512_set1_ps(kNearZero), _CMP_LE_OQ);
      }
      const __m128i bytes = _mm512_cvtepi32_epi8(_mm512_sub_epi32(at[i], bias));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(column + 16 * i),
                       _mm_mask_set1_epi8(bytes, missing, variant.missing_rank));
    }
  }
}

/// A feature of more levels, or of more cuts than a column tells apart.
void rank_long_feature(const RankTask& task, const RankedFeature& ranked, const float* x,
                       int8_t* ranks) {
  FeatureValues values;
  values.lanes = (task.row_count + 15) / 16 * 16;
  for (size_t i = 0; i < values.lanes; ++i) {
    values.x[i] = x[i];
  }
  search_loop(task.tables + ranked.table_begin, ranked.levels, values);
  for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
    const RankVariant& variant = task.variants[v];
    int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
    store_ranks(values, variant, column);
    mark_missing(values, variant, column);
  }
}

void rank(const RankTask& task, int8_t* ranks) {
  TakenFeatures taken;
  size_t first = task.features;
  for (size_t f = 0; f < task.ranked_count; ++f) {
    const RankedFeature& ranked = task.ranked[f];
    const size_t place = ranked.feature % kFeaturesTaken;
    if (first != ranked.feature - place) {
      first = ranked.feature - place;
      take(task, first, taken);
    }
    if (ranked.levels > 8) {
      rank_long_feature(task, ranked, taken.x[place], ranks);
    } else if (task.row_count > 32) {
      rank_feature<4>(task, ranked, taken.x[place], ranks);
    } else if (task.row_count > 16) {
      rank_feature<2>(task, ranked, taken.x[place], ranks);
    } else {
      rank_feature<1>(task, ranked, taken.x[place], ranks);
    }
  }
}

}  // namespace

const TreeKernels kKernels{rank, masks<float, Lanes64, Lanes32, Lanes16>,
                           masks<double, Lanes64, Lanes32, Lanes16>, 4};

}  // namespace ringmaker::model::tree_avx512
