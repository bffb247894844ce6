// Ranks in plain loops, over what every set shares: included inside the unnamed namespace of a
// set's file, so that no inline code is shared.

/// Features whose values are taken before the first of them is searched for: a vector of numbers
/// that were stored one by one just before is a load that waits for all that came earlier.
constexpr size_t kFeaturesTaken = 16;

/// Values of some features in a slice, of which `lanes` (a multiple of 16) are used.
struct FeatureValues {
  size_t lanes;
  alignas(64) float x[kFeaturesTaken][kLanes];
  alignas(64) int32_t ranks[kLanes];  // of the feature that is searched for
};

inline void take_values(const RankTask& task, const RankedFeature* ranked, size_t count,
                        FeatureValues& values) {
  for (size_t i = 0; i < task.row_count; ++i) {
    const float* row = task.rows + i * task.features;
    for (size_t f = 0; f < count; ++f) {
      values.x[f][i] = row[ranked[f].feature];
    }
  }
  for (size_t f = 0; f < count; ++f) {
    for (size_t i = task.row_count; i < values.lanes; ++i) {
      values.x[f][i] = 0;
    }
  }
}

inline void search_loop(const float* table, uint32_t levels, const float* x,
                        FeatureValues& values) {
  for (size_t i = 0; i < values.lanes; ++i) {
    values.ranks[i] = 1;
  }
  for (uint32_t level = 0; level < levels; ++level) {
    for (size_t i = 0; i < values.lanes; ++i) {
      const int32_t at = values.ranks[i];
      values.ranks[i] = 2 * at + static_cast<int32_t>(x[i] >= table[at]);
    }
  }
  for (size_t i = 0; i < values.lanes; ++i) {
    values.ranks[i] -= 1 << levels;
  }
}

inline void store_ranks(const FeatureValues& values, const RankVariant& variant, int8_t* column) {
  const auto first = static_cast<int32_t>(variant.first_cut);
  for (size_t i = 0; i < values.lanes; ++i) {
    int32_t rank = values.ranks[i] - first;
    rank = rank < 0 ? 0 : rank;
    rank = rank > 255 ? 255 : rank;
    column[i] = static_cast<int8_t>(rank - kRankBias);
  }
}

/// The largest float32 that counts as zero where zeros are missing.
constexpr float kNearZero = 1.0000000180025095e-35F;

inline void mark_missing(const float* values, size_t lanes, const RankVariant& variant,
                         int8_t* column) {
  for (size_t i = 0; i < lanes; ++i) {
    const float x = values[i];
    const bool near_zero = x >= -kNearZero && x <= kNearZero;
    column[i] = x != x || (variant.zero_missing && near_zero) ? variant.missing_rank : column[i];
  }
}

inline bool any_missing(const float* values, size_t lanes, bool zero_missing) {
  int found = 0;
  for (size_t i = 0; i < lanes; ++i) {
    found |= static_cast<int>(values[i] != values[i]);
  }
  return found != 0 || zero_missing;
}

/// `search` fills the ranks of one feature's values.
template <class Search>
inline void rank_features(const RankTask& task, int8_t* ranks, Search search) {
  FeatureValues values;
  values.lanes = (task.row_count + 15) / 16 * 16;
  for (size_t first = 0; first < task.ranked_count; first += kFeaturesTaken) {
    const size_t left = task.ranked_count - first;
    const size_t count = left < kFeaturesTaken ? left : kFeaturesTaken;
    take_values(task, task.ranked + first, count, values);
    for (size_t f = 0; f < count; ++f) {
      const RankedFeature& ranked = task.ranked[first + f];
      const float* x = values.x[f];
      search(task.tables + ranked.table_begin, ranked.levels, x, values);
      const bool missing = any_missing(x, values.lanes, ranked.zero_missing);
      for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
        const RankVariant& variant = task.variants[v];
        int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
        store_ranks(values, variant, column);
        if (missing) {
          mark_missing(x, values.lanes, variant, column);
        }
      }
    }
  }
}
