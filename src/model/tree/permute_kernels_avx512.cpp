#include "model/tree/permute_kernels.h"

#include <immintrin.h>

/// Beyond what the file is compiled for; entered after base::has_byte_permutes() only.
#define RM_BYTE_PERMUTES __attribute__((target("avx512vbmi")))

namespace ringmaker::model::permute_avx512 {

extern const PermuteKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every file that needs it.
#include "model/tree/leaf_lookup_avx512-inl.h"

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
  if (task.trees.plain) {
#pragma GCC unroll 4
    for (size_t f = 0; f < task.ranked_count; ++f) {
      const float x = task.row[task.ranked[f].feature];
      task.ranks[f] = static_cast<int8_t>(rank_of(task.sorted + f * kSortedFloats, x) - kRankBias);
    }
    return;
  }
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

inline const uint8_t* columns_of(const PermuteTrees& trees, const PermuteBlock& block) {
  return trees.plain ? block.plain_columns : block.columns;
}

/// Words of one row: a block's of all trees, then the next block's.
template <int kRegisters, int kBlocks>
RM_BYTE_PERMUTES void decide(const PermuteTask& task) {
  __m512i table[kRegisters];
  for (int i = 0; i < kRegisters; ++i) {
    table[i] = _mm512_load_si512(task.ranks + i * 64);
  }
  const PermuteTrees& trees = task.trees;
  const PermuteBlock* block = trees.blocks;
  for (size_t t = 0; t < trees.tree_count; ++t) {
    for (int b = 0; b < kBlocks; ++b, ++block) {
      const __m512i ranks = pick<kRegisters>(table, _mm512_load_si512(columns_of(trees, *block)));
      task.words[static_cast<size_t>(b) * trees.tree_count + t] =
          _mm512_cmpgt_epi8_mask(ranks, _mm512_load_si512(block->cuts));
    }
  }
}

template <int kRegisters>
RM_BYTE_PERMUTES void decide_all(const PermuteTask& task) {
  task.trees.deep ? decide<kRegisters, 4>(task) : decide<kRegisters, 1>(task);
}

/// What the seven bits of a subtree of three levels, in level order, say: a byte of each of 128.
struct SubtreeTable {
  alignas(64) uint8_t bytes[128];
};

/// The place from the left at which the subtree is left, times `factor`, plus `offset`.
constexpr SubtreeTable subtree_table(uint32_t factor, uint32_t offset) {
  SubtreeTable table{};
  for (uint32_t bits = 0; bits < 128; ++bits) {
    uint32_t place = bits & 1;
    place = 2 * place + ((bits >> (1 + place)) & 1);
    place = 2 * place + ((bits >> (3 + place)) & 1);
    table.bytes[bits] = static_cast<uint8_t>(place * factor + offset);
  }
  return table;
}

constexpr SubtreeTable kPlaces = subtree_table(1, 0);
/// Eight leaves, or parents of level six, lie below each subtree of the second three levels.
constexpr SubtreeTable kEighths = subtree_table(8, 0);
/// Where the bits of the subtree below begin.
constexpr SubtreeTable kShifts = subtree_table(7, 7);

/// The table's bytes for the low seven bits of each of eight words.
RM_BYTE_PERMUTES inline __m512i look_up(const SubtreeTable& table, __m512i words) {
  return _mm512_maskz_permutex2var_epi8(0x0101010101010101U, _mm512_load_si512(table.bytes), words,
                                        _mm512_load_si512(table.bytes + 64));
}

/// The places in level six, from the left, that eight words lead to.
RM_BYTE_PERMUTES inline __m512i places(__m512i words) {
  const __m512i below = _mm512_srlv_epi64(words, look_up(kShifts, words));
  return _mm512_or_si512(look_up(kEighths, words), look_up(kPlaces, below));
}

/// 2 * place, plus a bit of `words`.
inline __m512i descend(__m512i place, __m512i words, __m512i bit) {
  const __m512i right = _mm512_and_si512(_mm512_srlv_epi64(words, bit), _mm512_set1_epi64(1));
  return _mm512_add_epi64(_mm512_add_epi64(place, place), right);
}

/// The places in level eight; word b of each is at words[b * stride].
RM_BYTE_PERMUTES inline __m512i deep_places(const uint64_t* words, size_t stride) {
  const __m512i place = places(_mm512_load_si512(words));
  const __m512i below = descend(place, _mm512_load_si512(words + stride), place);
  const __mmask8 right = _mm512_test_epi64_mask(below, _mm512_set1_epi64(1));
  const __m512i last = _mm512_mask_blend_epi64(right, _mm512_load_si512(words + 2 * stride),
                                               _mm512_load_si512(words + 3 * stride));
  return descend(below, last, place);
}

inline void store_leaves(__m512i at, const float* values, float* leaves) {
  _mm256_storeu_ps(leaves, _mm512_i64gather_ps(at, values, 4));
}

inline void store_leaves(__m512i at, const double* values, double* leaves) {
  _mm512_storeu_pd(leaves, _mm512_i64gather_pd(at, values, 8));
}

template <class Value>
RM_BYTE_PERMUTES void leaves(const PermuteTask& task, const Value* values, Value* leaves) {
  rank_row(task);
  const PermuteTrees& trees = task.trees;
  if (trees.columns <= 64) {
    decide_all<1>(task);
  } else if (trees.columns <= 128) {
    decide_all<2>(task);
  } else {
    decide_all<4>(task);
  }
  const int64_t stride = trees.deep ? 256 : 64;
  const __m512i tables = _mm512_set_epi64(7 * stride, 6 * stride, 5 * stride, 4 * stride,
                                          3 * stride, 2 * stride, stride, 0);
  for (size_t t = 0; t < trees.tree_count; t += kTreesAtOnce) {
    const __m512i place = trees.deep ? deep_places(task.words + t, trees.tree_count)
                                     : places(_mm512_load_si512(task.words + t));
    store_leaves(_mm512_add_epi64(place, tables), values + t * static_cast<size_t>(stride),
                 leaves + t);
  }
}

constexpr size_t kRowsAtOnce = 16;

/// One of four rounds that turn 16 columns of 16 bytes, in each quarter of the registers, into
/// rows.
[[gnu::always_inline]] RM_BYTE_PERMUTES inline void interleave(const __m512i* from, __m512i* to) {
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    to[2 * i] = _mm512_unpacklo_epi8(from[i], from[i + 8]);
    to[2 * i + 1] = _mm512_unpackhi_epi8(from[i], from[i + 8]);
  }
}

/// The ranks of 16 rows, columns x kLanes, as 64 columns of each row: rows[i * stride].
RM_BYTE_PERMUTES inline void turn(const int8_t* ranks, __m512i* rows, size_t stride) {
  __m512i turned[16];
  __m512i taken[16];
#pragma GCC unroll 16
  for (size_t i = 0; i < 16; ++i) {
    const auto* column = reinterpret_cast<const __m128i*>(ranks + i * kLanes);
    constexpr size_t kQuarter = kRowsAtOnce * kLanes / sizeof(__m128i);
    taken[i] = _mm512_castsi128_si512(_mm_load_si128(column));
    taken[i] = _mm512_inserti32x4(taken[i], _mm_load_si128(column + kQuarter), 1);
    taken[i] = _mm512_inserti32x4(taken[i], _mm_load_si128(column + 2 * kQuarter), 2);
    taken[i] = _mm512_inserti32x4(taken[i], _mm_load_si128(column + 3 * kQuarter), 3);
  }
  interleave(taken, turned);
  interleave(turned, taken);
  interleave(taken, turned);
  interleave(turned, taken);
#pragma GCC unroll 16
  for (size_t i = 0; i < 16; ++i) {
    rows[i * stride] = taken[i];
  }
}

/// Words of kTreesAtOnce trees: words[tree][block][row].
struct Words {
  alignas(64) uint64_t of[kTreesAtOnce][4][kRowsAtOnce];
};

/// Trees [first, first + count) and 16 rows, of which as many at a time as registers can hold.
template <int kRegisters, int kBlocks>
RM_BYTE_PERMUTES inline void decide_rows(const PermuteTrees& trees, const __m512i* rows,
                                         size_t first, size_t count, Words& words) {
  constexpr int kHeld = kRowsAtOnce / kRegisters;
  for (int held = 0; held < static_cast<int>(kRowsAtOnce); held += kHeld) {
    __m512i tables[kHeld * kRegisters];
#pragma GCC unroll 16
    for (int i = 0; i < kHeld * kRegisters; ++i) {
      tables[i] = rows[held * kRegisters + i];
    }
    const PermuteBlock* block = trees.blocks + first * kBlocks;
    for (size_t t = 0; t < count; ++t) {
      for (int b = 0; b < kBlocks; ++b, ++block) {
        const __m512i columns = _mm512_load_si512(columns_of(trees, *block));
        const __m512i cuts = _mm512_load_si512(block->cuts);
        uint64_t* to = words.of[t][b] + held;
#pragma GCC unroll 16
        for (int i = 0; i < kHeld; ++i) {
          to[i] = _mm512_cmpgt_epi8_mask(pick<kRegisters>(tables + i * kRegisters, columns), cuts);
        }
      }
    }
  }
}

/// The low halves of 16 numbers.
inline __m512i narrow(__m512i first_eight, __m512i last_eight) {
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  return _mm512_permutex2var_epi32(first_eight, even, last_eight);
}

template <int kRegisters, int kBlocks, class Value>
RM_BYTE_PERMUTES void add_rows(const PermuteRowsTask& task, const Value* values, Value* sums) {
  constexpr uint32_t kStride = kBlocks == 1 ? 64 : 256;
  const PermuteTrees& trees = task.trees;
  Words words;
  __m512i rows[kRowsAtOnce * kRegisters];
  for (size_t lane = 0; lane < task.row_count; lane += kRowsAtOnce) {
    for (int r = 0; r < kRegisters; ++r) {
      turn(task.ranks + static_cast<size_t>(r) * 64 * kLanes + lane, rows + r, kRegisters);
    }
    for (size_t first = 0; first < trees.tree_count; first += kTreesAtOnce) {
      const size_t left = trees.tree_count - first;
      const size_t count = left < kTreesAtOnce ? left : kTreesAtOnce;
      decide_rows<kRegisters, kBlocks>(trees, rows, first, count, words);
      for (size_t t = 0; t < count; ++t) {
        const uint64_t* word = words.of[t][0];
        __m512i numbers;
        if constexpr (kBlocks == 1) {
          numbers = narrow(places(_mm512_load_si512(word)), places(_mm512_load_si512(word + 8)));
        } else {
          numbers = narrow(deep_places(word, kRowsAtOnce), deep_places(word + 8, kRowsAtOnce));
        }
        add_numbered(numbers, values + (first + t) * kStride, kStride,
                     sums + task.outputs[first + t] * kLanes + lane);
      }
    }
  }
}

template <int kRegisters, class Value>
RM_BYTE_PERMUTES void add_rows(const PermuteRowsTask& task, const Value* values, Value* sums) {
  task.trees.deep ? add_rows<kRegisters, 4>(task, values, sums)
                  : add_rows<kRegisters, 1>(task, values, sums);
}

template <class Value>
RM_BYTE_PERMUTES void rows(const PermuteRowsTask& task, const Value* values, Value* sums) {
  if (task.trees.columns <= 64) {
    add_rows<1>(task, values, sums);
  } else if (task.trees.columns <= 128) {
    add_rows<2>(task, values, sums);
  } else {
    add_rows<4>(task, values, sums);
  }
}

}  // namespace

const PermuteKernels kKernels{leaves<float>, leaves<double>, rows<float>, rows<double>};

}  // namespace ringmaker::model::permute_avx512
