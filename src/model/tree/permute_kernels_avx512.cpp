#include "model/tree/permute_kernels.h"

#include <immintrin.h>

/// Beyond what the file is compiled for; entered after base::has_byte_permutes() only.
#define RM_BYTE_PERMUTES __attribute__((target("avx512vbmi")))

namespace ringmaker::model::permute_avx512 {

extern const PermuteKernels kKernels;

namespace {

/// The largest float32 that counts as zero where zeros are missing.
constexpr float kNearZero = 1.0000000180025095e-35F;

/// How many sorted cuts are <= x: which sixteen of them x falls among, then where.
inline int rank_of(const float* sorted, float x) {
  const __m512 value = _mm512_set1_ps(x);
  const auto count = [&](const float* cuts) {
    return __builtin_popcount(_mm512_cmp_ps_mask(value, _mm512_load_ps(cuts), _CMP_GE_OQ));
  };
  const int sixteens = count(sorted);
  return 16 * sixteens + count(sorted + 16 + 16 * sixteens);
}

inline void rank_row(const PermuteTask& task) {
  for (size_t f = 0; f < task.ranked_count; ++f) {
    const RankedFeature& ranked = task.ranked[f];
    const float x = task.row[ranked.feature];
    const auto rank = static_cast<int8_t>(rank_of(task.sorted + f * kSortedFloats, x) - kRankBias);
    for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
      const RankVariant& variant = task.variants[v];
      const bool zero = variant.zero_missing && x >= -kNearZero && x <= kNearZero;
      task.ranks[variant.column] = x != x || zero ? variant.missing_rank : rank;
    }
  }
}

/// The bytes of a table of kRegisters registers that `at` picks.
template <int kRegisters>
RM_BYTE_PERMUTES inline __m512i pick(const __m512i* table, __m512i at) {
  if constexpr (kRegisters == 1) {
    return _mm512_permutexvar_epi8(at, table[0]);
  } else {
    const __m512i low = _mm512_permutex2var_epi8(table[0], at, table[1]);
    if constexpr (kRegisters == 2) {
      return low;
    } else {
      const __m512i high = _mm512_permutex2var_epi8(table[2], at, table[3]);
      return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(at), high);
    }
  }
}

template <int kRegisters, int kBlocks>
RM_BYTE_PERMUTES void decide(const PermuteTask& task) {
  __m512i table[kRegisters];
  for (int i = 0; i < kRegisters; ++i) {
    table[i] = _mm512_load_si512(task.ranks + i * 64);
  }
  const uint8_t* block = task.blocks;
  for (size_t t = 0; t < task.tree_count; ++t) {
    for (int b = 0; b < kBlocks; ++b, block += kPermuteBlock) {
      const __m512i ranks = pick<kRegisters>(table, _mm512_load_si512(block));
      task.words[static_cast<size_t>(b) * task.tree_count + t] =
          _mm512_cmpgt_epi8_mask(ranks, _mm512_load_si512(block + 64));
    }
  }
}

template <int kRegisters>
RM_BYTE_PERMUTES void decide_all(const PermuteTask& task) {
  task.deep ? decide<kRegisters, 4>(task) : decide<kRegisters, 1>(task);
}

/// 2 * path, plus a bit of `word`.
inline __m512i descend(__m512i path, __m512i word, __m512i bit) {
  const __m512i right = _mm512_and_si512(_mm512_srlv_epi64(word, bit), _mm512_set1_epi64(1));
  return _mm512_add_epi64(_mm512_add_epi64(path, path), right);
}

/// The leaves, by their place from the left, that eight trees from t on are left through.
inline __m512i paths(const PermuteTask& task, size_t t) {
  const __m512i top = _mm512_load_si512(task.words + t);
  __m512i path = _mm512_setzero_si512();
  for (int level = 0; level < 6; ++level) {
    const __m512i first = _mm512_set1_epi64((1 << level) - 1);
    path = descend(path, top, _mm512_add_epi64(path, first));
  }
  if (task.deep) {
    path = descend(path, _mm512_load_si512(task.words + task.tree_count + t), path);
    // A shift by 64 or more leaves nothing: one of the two words has the bit.
    const __m512i low = _mm512_load_si512(task.words + 2 * task.tree_count + t);
    const __m512i high = _mm512_load_si512(task.words + 3 * task.tree_count + t);
    const __m512i above = _mm512_sub_epi64(path, _mm512_set1_epi64(64));
    const __m512i word =
        _mm512_or_si512(_mm512_srlv_epi64(low, path), _mm512_srlv_epi64(high, above));
    path = descend(path, word, _mm512_setzero_si512());
  }
  return path;
}

inline void store_leaves(__m512i at, const float* values, float* leaves) {
  _mm256_storeu_ps(leaves, _mm512_i64gather_ps(at, values, 4));
}

inline void store_leaves(__m512i at, const double* values, double* leaves) {
  _mm512_storeu_pd(leaves, _mm512_i64gather_pd(at, values, 8));
}

template <class Value>
void leaves(const PermuteTask& task, const Value* values, Value* leaves) {
  rank_row(task);
  if (task.columns <= 64) {
    decide_all<1>(task);
  } else if (task.columns <= 128) {
    decide_all<2>(task);
  } else {
    decide_all<4>(task);
  }
  const int64_t stride = task.deep ? 256 : 64;
  const __m512i trees = _mm512_set_epi64(7 * stride, 6 * stride, 5 * stride, 4 * stride, 3 * stride,
                                         2 * stride, stride, 0);
  for (size_t t = 0; t < task.tree_count; t += kTreesAtOnce) {
    const Value* tables = values + t * static_cast<size_t>(stride);
    store_leaves(_mm512_add_epi64(paths(task, t), trees), tables, leaves + t);
  }
}

}  // namespace

const PermuteKernels kKernels{leaves<float>, leaves<double>};

}  // namespace ringmaker::model::permute_avx512
