// The kernels of tree_kernels.h with NEON: 64 rows a comparison in four registers, 32 or 16 for
// what is left. Floats are looked up in tables by TBL, which finds bytes: a table of floats is
// loaded as four, one for each byte of them.
#include "model/tree/tree_kernels.h"

#include <arm_neon.h>

namespace ringmaker::model::tree_neon {

extern const TreeKernels kKernels;

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/tree_masks-inl.h"
// NOLINTNEXTLINE(bugprone-suspicious-include): likewise.
#include "model/tree/tree_ranks-inl.h"

/// Sixteen floats, a register for each of their bytes.
using FloatBytes = uint8x16x4_t;

[[gnu::always_inline]] inline FloatBytes load_bytes(const float* from) {
  return vld4q_u8(reinterpret_cast<const uint8_t*>(from));
}

/// 16, 32 or 64 floats.
template <int kSixteens>
struct FloatTable {
  FloatBytes of[kSixteens];
};

template <int kSixteens>
[[gnu::always_inline]] inline FloatTable<kSixteens> load_table(const float* from) {
  FloatTable<kSixteens> table;
#pragma GCC unroll 4
  for (int i = 0; i < kSixteens; ++i) {
    table.of[i] = load_bytes(from + 16 * i);
  }
  return table;
}

/// One byte of the floats that `places` name; 0 where a place is beyond the table.
template <int kByte>
[[gnu::always_inline]] inline uint8x16_t look_up_byte(const FloatTable<1>& table,
                                                      uint8x16_t places) {
  return vqtbl1q_u8(table.of[0].val[kByte], places);
}

template <int kByte>
[[gnu::always_inline]] inline uint8x16_t look_up_byte(const FloatTable<2>& table,
                                                      uint8x16_t places) {
  return vqtbl2q_u8({table.of[0].val[kByte], table.of[1].val[kByte]}, places);
}

template <int kByte>
[[gnu::always_inline]] inline uint8x16_t look_up_byte(const FloatTable<4>& table,
                                                      uint8x16_t places) {
  return vqtbl4q_u8({table.of[0].val[kByte], table.of[1].val[kByte], table.of[2].val[kByte],
                     table.of[3].val[kByte]},
                    places);
}

template <int kSixteens>
[[gnu::always_inline]] inline FloatBytes look_up(const FloatTable<kSixteens>& table,
                                                 uint8x16_t places) {
  return {look_up_byte<0>(table, places), look_up_byte<1>(table, places),
          look_up_byte<2>(table, places), look_up_byte<3>(table, places)};
}

[[gnu::always_inline]] inline float32x4_t floats_of(uint8x16_t bytes) {
  return vreinterpretq_f32_u8(bytes);
}

[[gnu::always_inline]] inline uint8x16_t zip_low(uint8x16_t a, uint8x16_t b) {
  const auto first = vreinterpretq_u16_u8(a);
  return vreinterpretq_u8_u16(vzip1q_u16(first, vreinterpretq_u16_u8(b)));
}

[[gnu::always_inline]] inline uint8x16_t zip_high(uint8x16_t a, uint8x16_t b) {
  const auto first = vreinterpretq_u16_u8(a);
  return vreinterpretq_u8_u16(vzip2q_u16(first, vreinterpretq_u16_u8(b)));
}

/// The sixteen floats whose bytes these are, four a register.
[[gnu::always_inline]] inline float32x4x4_t joined(const FloatBytes& bytes) {
  const uint8x16_t low_a = vzip1q_u8(bytes.val[0], bytes.val[1]);
  const uint8x16_t low_b = vzip1q_u8(bytes.val[2], bytes.val[3]);
  const uint8x16_t high_a = vzip2q_u8(bytes.val[0], bytes.val[1]);
  const uint8x16_t high_b = vzip2q_u8(bytes.val[2], bytes.val[3]);
  return {floats_of(zip_low(low_a, low_b)), floats_of(zip_high(low_a, low_b)),
          floats_of(zip_low(high_a, high_b)), floats_of(zip_high(high_a, high_b))};
}

struct Lanes16 {
  using Bytes = int8x16_t;
  using Mask = uint8x16_t;
  static constexpr size_t kCount = 16;

  static Bytes load(const int8_t* from) { return vld1q_s8(from); }
  static void store(int8_t* to, Bytes bytes) { vst1q_s8(to, bytes); }
  static Bytes splat(int8_t byte) { return vdupq_n_s8(byte); }
  static Bytes splat_four(uint32_t word) { return vreinterpretq_s8_u32(vdupq_n_u32(word)); }
  static Mask greater(Bytes a, Bytes b) { return vcgtq_s8(a, b); }
  static Bytes bit(Mask mask, int8_t byte) {
    return vandq_s8(vreinterpretq_s8_u8(mask), splat(byte));
  }
  static Bytes select(Mask mask, Bytes left, Bytes right) { return vbslq_s8(mask, right, left); }
  static Bytes select_and_add(Mask mask, Bytes left, Bytes right, int8_t byte) {
    return select(mask, left, vorrq_s8(right, splat(byte)));
  }

  template <int kSixteens>
  static void add_from(const FloatTable<kSixteens>& table, Bytes numbers, float* sums) {
    const float32x4x4_t leaves = joined(look_up(table, vreinterpretq_u8_s8(numbers)));
    vst1q_f32(sums, vaddq_f32(vld1q_f32(sums), leaves.val[0]));
    vst1q_f32(sums + 4, vaddq_f32(vld1q_f32(sums + 4), leaves.val[1]));
    vst1q_f32(sums + 8, vaddq_f32(vld1q_f32(sums + 8), leaves.val[2]));
    vst1q_f32(sums + 12, vaddq_f32(vld1q_f32(sums + 12), leaves.val[3]));
  }
  template <class Value>
  static void add_one_by_one(Bytes numbers, const Value* values, Value* sums) {
    alignas(16) uint8_t bytes[kCount];
    vst1q_u8(bytes, vreinterpretq_u8_s8(numbers));
#pragma GCC unroll 16
    for (size_t i = 0; i < kCount; ++i) {
      sums[i] += values[bytes[i]];
    }
  }
  static void add_leaves(Bytes numbers, const float* values, uint32_t stride, float* sums);
  static void add_leaves(Bytes numbers, const double* values, uint32_t /*stride*/, double* sums) {
    add_one_by_one(numbers, values, sums);
  }
};

/// Leaf values by their numbers: up to 64 of them lie in registers while all lanes go by.
template <class Lanes>
inline void add_float_leaves(typename Lanes::Bytes numbers, const float* values, uint32_t stride,
                             float* sums) {
  switch (stride) {
    case 16:
      return Lanes::add_from(load_table<1>(values), numbers, sums);
    case 32:
      return Lanes::add_from(load_table<2>(values), numbers, sums);
    case 64:
      return Lanes::add_from(load_table<4>(values), numbers, sums);
    default:
      return Lanes::add_one_by_one(numbers, values, sums);
  }
}

void Lanes16::add_leaves(Bytes numbers, const float* values, uint32_t stride, float* sums) {
  add_float_leaves<Lanes16>(numbers, values, stride, sums);
}

/// Two halves side by side.
template <class Half>
struct Twice {
  struct Bytes {
    typename Half::Bytes low;
    typename Half::Bytes high;
  };
  struct Mask {
    typename Half::Mask low;
    typename Half::Mask high;
  };
  static constexpr size_t kHalf = Half::kCount;
  static constexpr size_t kCount = 2 * kHalf;

  static Bytes load(const int8_t* from) { return {Half::load(from), Half::load(from + kHalf)}; }
  static void store(int8_t* to, const Bytes& bytes) {
    Half::store(to, bytes.low);
    Half::store(to + kHalf, bytes.high);
  }
  static Bytes splat(int8_t byte) { return {Half::splat(byte), Half::splat(byte)}; }
  static Bytes splat_four(uint32_t word) {
    return {Half::splat_four(word), Half::splat_four(word)};
  }
  static Mask greater(const Bytes& a, const Bytes& b) {
    return {Half::greater(a.low, b.low), Half::greater(a.high, b.high)};
  }
  static Bytes bit(const Mask& mask, int8_t byte) {
    return {Half::bit(mask.low, byte), Half::bit(mask.high, byte)};
  }
  static Bytes select(const Mask& mask, const Bytes& left, const Bytes& right) {
    return {Half::select(mask.low, left.low, right.low),
            Half::select(mask.high, left.high, right.high)};
  }
  static Bytes select_and_add(const Mask& mask, const Bytes& left, const Bytes& right,
                              int8_t byte) {
    return {Half::select_and_add(mask.low, left.low, right.low, byte),
            Half::select_and_add(mask.high, left.high, right.high, byte)};
  }

  template <int kSixteens>
  static void add_from(const FloatTable<kSixteens>& table, const Bytes& numbers, float* sums) {
    Half::add_from(table, numbers.low, sums);
    Half::add_from(table, numbers.high, sums + kHalf);
  }
  template <class Value>
  static void add_one_by_one(const Bytes& numbers, const Value* values, Value* sums) {
    Half::add_one_by_one(numbers.low, values, sums);
    Half::add_one_by_one(numbers.high, values, sums + kHalf);
  }
  static void add_leaves(const Bytes& numbers, const float* values, uint32_t stride, float* sums) {
    add_float_leaves<Twice>(numbers, values, stride, sums);
  }
  static void add_leaves(const Bytes& numbers, const double* values, uint32_t /*stride*/,
                         double* sums) {
    add_one_by_one(numbers, values, sums);
  }
};

using Lanes32 = Twice<Lanes16>;
using Lanes64 = Twice<Lanes32>;

/// Four masks of floats as bytes.
[[gnu::always_inline]] inline uint8x16_t narrowed(uint32x4_t a, uint32x4_t b, uint32x4_t c,
                                                  uint32x4_t d) {
  const uint16x8_t low = vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
  const uint16x8_t high = vuzp1q_u16(vreinterpretq_u16_u32(c), vreinterpretq_u16_u32(d));
  return vuzp1q_u8(vreinterpretq_u8_u16(low), vreinterpretq_u8_u16(high));
}

/// One step down the search tree of sixteen values: 2 * at, plus 1 where x >= entry.
[[gnu::always_inline]] inline uint8x16_t step(uint8x16_t at, const float* x,
                                              const FloatBytes& entries) {
  const float32x4x4_t entry = joined(entries);
  const uint8x16_t right = narrowed(
      vcgeq_f32(vld1q_f32(x), entry.val[0]), vcgeq_f32(vld1q_f32(x + 4), entry.val[1]),
      vcgeq_f32(vld1q_f32(x + 8), entry.val[2]), vcgeq_f32(vld1q_f32(x + 12), entry.val[3]));
  return vsubq_u8(vaddq_u8(at, at), right);  // all ones are -1
}

/// A level of 16, 32 or 64 entries, or the first four of them together.
template <int kSixteens>
inline void step_all(const float* level, uint8_t first, const FeatureValues& values,
                     uint8x16_t* at) {
  const FloatTable<kSixteens> table = load_table<kSixteens>(level);
  for (size_t i = 0; i < values.lanes; i += 16) {
    const uint8x16_t places = vsubq_u8(at[i / 16], vdupq_n_u8(first));
    at[i / 16] = step(at[i / 16], values.x + i, look_up(table, places));
  }
}

[[gnu::always_inline]] inline FloatBytes either(const FloatBytes& a, const FloatBytes& b) {
  return {vorrq_u8(a.val[0], b.val[0]), vorrq_u8(a.val[1], b.val[1]), vorrq_u8(a.val[2], b.val[2]),
          vorrq_u8(a.val[3], b.val[3])};
}

/// Up to 8 levels by tables. at[i / 16] become the ranks: what `at` counts beyond 2^levels, and all
/// of it beyond 255, leaves the byte.
inline void search_tables(const float* table, uint32_t levels, const FeatureValues& values,
                          uint8x16_t* at) {
  for (size_t i = 0; i < values.lanes; i += 16) {
    at[i / 16] = vdupq_n_u8(1);
  }
  for (int level = 0; level < 4; ++level) {
    step_all<1>(table, 0, values, at);
  }
  if (levels > 4) {
    step_all<1>(table + 16, 16, values, at);
  }
  if (levels > 5) {
    step_all<2>(table + 32, 32, values, at);
  }
  if (levels > 6) {
    step_all<4>(table + 64, 64, values, at);
  }
  if (levels > 7) {
    // A place beyond its half finds zeros there.
    const FloatTable<4> low = load_table<4>(table + 128);
    const FloatTable<4> high = load_table<4>(table + 192);
    for (size_t i = 0; i < values.lanes; i += 16) {
      const uint8x16_t places = vsubq_u8(at[i / 16], vdupq_n_u8(128));
      const FloatBytes entries =
          either(look_up(low, places), look_up(high, vsubq_u8(places, vdupq_n_u8(64))));
      at[i / 16] = step(at[i / 16], values.x + i, entries);
    }
  }
  const auto base = static_cast<uint8_t>(1U << levels);
  for (size_t i = 0; i < values.lanes; i += 16) {
    at[i / 16] = vsubq_u8(at[i / 16], vdupq_n_u8(base));
  }
}

/// All ones where a value is NaN, or near 0 if that counts.
inline uint8x16_t missing_of(const float* x, bool zero_missing) {
  uint32x4_t missing[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const float32x4_t value = vld1q_f32(x + 4 * i);
    missing[i] = vmvnq_u32(vceqq_f32(value, value));
    if (zero_missing) {
      missing[i] = vorrq_u32(missing[i], vcleq_f32(vabsq_f32(value), vdupq_n_f32(kNearZero)));
    }
  }
  return narrowed(missing[0], missing[1], missing[2], missing[3]);
}

/// A feature of up to 8 levels, which has one column for each of its variants.
inline void rank_feature(const RankTask& task, const RankedFeature& ranked,
                         const FeatureValues& values, int8_t* ranks) {
  uint8x16_t at[kLanes / 16];
  search_tables(task.tables + ranked.table_begin, ranked.levels, values, at);
  for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
    const RankVariant& variant = task.variants[v];
    int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
    for (size_t i = 0; i < values.lanes; i += 16) {
      const int8x16_t bytes =
          vreinterpretq_s8_u8(vsubq_u8(at[i / 16], vdupq_n_u8(static_cast<uint8_t>(kRankBias))));
      const uint8x16_t missing = missing_of(values.x + i, variant.zero_missing);
      vst1q_s8(column + i, vbslq_s8(missing, vdupq_n_s8(variant.missing_rank), bytes));
    }
  }
}

/// A feature of more levels, or of more cuts than a column tells apart.
void rank_long_feature(const RankTask& task, const RankedFeature& ranked, FeatureValues& values,
                       int8_t* ranks) {
  search_loop(task.tables + ranked.table_begin, ranked.levels, values);
  for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
    const RankVariant& variant = task.variants[v];
    int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
    store_ranks(values, variant, column);
    mark_missing(values, variant, column);
  }
}

void rank(const RankTask& task, int8_t* ranks) {
  FeatureValues values;
  values.lanes = (task.row_count + 15) / 16 * 16;
  for (size_t f = 0; f < task.ranked_count; ++f) {
    const RankedFeature& ranked = task.ranked[f];
    take_values(task, ranked.feature, values);
    if (ranked.levels > 8) {
      rank_long_feature(task, ranked, values, ranks);
    } else {
      rank_feature(task, ranked, values, ranks);
    }
  }
}

}  // namespace

const TreeKernels kKernels{rank, masks<float, Lanes64, Lanes32, Lanes16>,
                           masks<double, Lanes64, Lanes32, Lanes16>, 8};

}  // namespace ringmaker::model::tree_neon
