// Ranks in plain loops, over what every set shares: included inside the unnamed namespace of a
// set's file, so that no inline code is shared.

/// One feature's values in a slice, of which `lanes` (a multiple of 16) are used.
struct FeatureValues {
  size_t lanes;
  alignas(64) float x[kLanes];
  alignas(64) int32_t ranks[kLanes];
};

inline void take_values(const RankTask& task, uint32_t feature, FeatureValues& values) {
  const float* from = task.rows + feature;
  for (size_t i = 0; i < task.row_count; ++i) {
    values.x[i] = from[i * task.features];
  }
  for (size_t i = task.row_count; i < values.lanes; ++i) {
    values.x[i] = 0;
  }
}

inline void search_loop(const float* table, uint32_t levels, FeatureValues& values) {
  for (size_t i = 0; i < values.lanes; ++i) {
    values.ranks[i] = 1;
  }
  for (uint32_t level = 0; level < levels; ++level) {
    for (size_t i = 0; i < values.lanes; ++i) {
      const int32_t at = values.ranks[i];
      values.ranks[i] = 2 * at + static_cast<int32_t>(values.x[i] >= table[at]);
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

inline void mark_missing(const FeatureValues& values, const RankVariant& variant, int8_t* column) {
  for (size_t i = 0; i < values.lanes; ++i) {
    const float x = values.x[i];
    const bool near_zero = x >= -kNearZero && x <= kNearZero;
    column[i] = x != x || (variant.zero_missing && near_zero) ? variant.missing_rank : column[i];
  }
}

inline bool any_missing(const FeatureValues& values, bool zero_missing) {
  int found = 0;
  for (size_t i = 0; i < values.lanes; ++i) {
    found |= static_cast<int>(values.x[i] != values.x[i]);
  }
  return found != 0 || zero_missing;
}

/// `search` fills the ranks of one feature's values.
template <class Search>
inline void rank_features(const RankTask& task, int8_t* ranks, Search search) {
  FeatureValues values;
  values.lanes = (task.row_count + 15) / 16 * 16;
  for (size_t f = 0; f < task.ranked_count; ++f) {
    const RankedFeature& ranked = task.ranked[f];
    take_values(task, ranked.feature, values);
    search(task.tables + ranked.table_begin, ranked.levels, values);
    const bool missing = any_missing(values, ranked.zero_missing);
    for (uint32_t v = ranked.variant_begin; v < ranked.variant_end; ++v) {
      const RankVariant& variant = task.variants[v];
      int8_t* column = ranks + static_cast<size_t>(variant.column) * kLanes;
      store_ranks(values, variant, column);
      if (missing) {
        mark_missing(values, variant, column);
      }
    }
  }
}
