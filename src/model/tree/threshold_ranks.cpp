#include "model/tree/threshold_ranks.h"

#include "base/check.h"
#include "model/tree/ordered_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

/// The first register of a search tree.
constexpr uint32_t kLevelsMin = 4;

uint32_t levels_of(const std::vector<float>& cuts) {
  return std::max(kLevelsMin, static_cast<uint32_t>(std::bit_width(cuts.size())));
}

int8_t biased(size_t rank) {
  return static_cast<int8_t>(static_cast<int>(std::min<size_t>(rank, 255)) - kRankBias);
}

/// Of a cut that is a number.
uint32_t key_of(float cut) { return ordered_key(cut, kKeyMax); }

/// The rank that a missing value has in the column that begins at `first_cut`.
int8_t missing_rank(Reading reading, const std::vector<float>& cuts, size_t first_cut) {
  if (reading == Reading::kNanRight || reading == Reading::kZeroRight) {
    return biased(255);
  }
  if (reading != Reading::kNanZero) {
    return biased(0);
  }
  const auto zero = static_cast<size_t>(std::ranges::upper_bound(cuts, 0.0F) - cuts.begin());
  return biased(zero > first_cut ? zero - first_cut : 0);
}

/// Sorted entries [first, last) as a tree below entry `at`; NaN where there is none.
void place_entries(const std::vector<float>& cuts, size_t first, size_t last, float* table,
                   size_t at) {
  if (first == last) {
    return;
  }
  const size_t middle = first + (last - first) / 2;
  table[at] = middle < cuts.size() ? cuts[middle] : std::numeric_limits<float>::quiet_NaN();
  place_entries(cuts, first, middle, table, 2 * at);
  place_entries(cuts, middle + 1, last, table, 2 * at + 1);
}

}  // namespace

ThresholdRanks::ThresholdRanks(const TreesView& ensemble, const SplitColumns& splits)
    : sources_(splits.columns().size()),
      cuts_(ensemble.features),
      numbers_(ensemble.features),
      category_words_(splits.category_words()) {
  const size_t features = ensemble.features;
  std::vector<std::vector<uint32_t>> columns_of(features);
  for (uint32_t c = 0; c < splits.columns().size(); ++c) {
    const SplitColumn& column = splits.columns()[c];
    sources_[c].feature = column.feature;
    sources_[c].answer = column.reading == Reading::kAnswer;
    if (!sources_[c].answer) {
      columns_of[column.feature].push_back(c);
      continue;
    }
    sources_[c].first_column = static_cast<uint32_t>(columns_++);
    answers_.push_back({sources_[c].first_column, column});
  }
  ensemble.nodes.with_access([&](const auto& node_at) {
    for (size_t n = 0; n < ensemble.nodes.size(); ++n) {
      const Split split = splits.split(node_at(n));
      const SplitColumn& column = splits.columns()[split.column];
      if (column.reading != Reading::kAnswer && !std::isnan(split.cut)) {
        static_cast<void>(numbers_[column.feature].at(key_of(split.cut)));
      }
    }
  });
  for (size_t feature = 0; feature < features; ++feature) {
    std::vector<float>& cuts = cuts_[feature];
    std::vector<uint32_t> keys = numbers_[feature].keys();
    std::ranges::sort(keys);
    for (const uint32_t key : keys) {
      numbers_[feature].at(key) = static_cast<uint32_t>(cuts.size());
      cuts.push_back(value_of_key(key));
    }
    if (!columns_of[feature].empty()) {
      rank_feature(splits, columns_of[feature], cuts);
    }
  }
  make_plain();
}

void ThresholdRanks::make_plain() {
  plain_ = answers_.empty() && std::ranges::none_of(ranked_, [&](const RankedFeature& ranked) {
             return ranked.zero_missing || cuts_[ranked.feature].size() > kCutsOfAColumn;
           });
  if (!plain_) {
    return;
  }
  plain_ranked_ = ranked_;
  for (uint32_t f = 0; f < plain_ranked_.size(); ++f) {
    plain_ranked_[f].variant_begin = f;
    plain_ranked_[f].variant_end = f + 1;
    plain_variants_.push_back({.column = f});
  }
}

void ThresholdRanks::rank_feature(const SplitColumns& splits, const std::vector<uint32_t>& columns,
                                  const std::vector<float>& cuts) {
  RankedFeature ranked{.feature = splits.columns()[columns.front()].feature,
                       .levels = levels_of(cuts),
                       .table_begin = static_cast<uint32_t>(table_floats_),
                       .variant_begin = static_cast<uint32_t>(variants_.size())};
  for (const uint32_t c : columns) {
    const Reading reading = splits.columns()[c].reading;
    const bool zero = reading == Reading::kZeroLeft || reading == Reading::kZeroRight;
    ranked.zero_missing = ranked.zero_missing || zero;
    sources_[c].first_column = static_cast<uint32_t>(columns_);
    sources_[c].plain_column = static_cast<uint32_t>(ranked_.size());
    for (uint32_t first = 0; first == 0 || first < cuts.size(); first += kCutsOfAColumn) {
      variants_.push_back({.column = static_cast<uint32_t>(columns_++),
                           .first_cut = first,
                           .missing_rank = missing_rank(reading, cuts, first),
                           .zero_missing = zero});
    }
  }
  ranked.variant_end = static_cast<uint32_t>(variants_.size());
  ranked_.push_back(ranked);
  add_search_tree(cuts);
}

void ThresholdRanks::add_search_tree(const std::vector<float>& cuts) {
  const size_t entries = size_t{1} << levels_of(cuts);
  table_floats_ += entries;
  if (table_floats_ > tables_.rows_capacity() * tables_.columns()) {
    tables_.reserve(std::max(2 * tables_.rows_capacity(), table_floats_ / tables_.columns()));
  }
  tables_.resize(table_floats_ / tables_.columns());
  float* table = tables_.span().values + table_floats_ - entries;
  table[0] = std::numeric_limits<float>::quiet_NaN();
  place_entries(cuts, 0, entries - 1, table, 1);
}

ThresholdRanks::Place ThresholdRanks::place(const Split& split) const {
  const Source& source = sources_[split.column];
  const uint32_t first = source.first_column;
  if (source.answer) {
    return {first, biased(0)};
  }
  if (std::isnan(split.cut)) {
    return {first, biased(255), source.plain_column};
  }
  const uint32_t number = numbers_[source.feature].number(key_of(split.cut));
  return {first + number / kCutsOfAColumn, biased(number % kCutsOfAColumn), source.plain_column};
}

void ThresholdRanks::fill(const TreeKernels& kernels, data::DenseView rows,
                          int8_t* ranks) const noexcept {
  RM_DCHECK(rows.rows <= kLanes);
  kernels.rank({.rows = rows.values,
                .row_count = rows.rows,
                .features = rows.columns,
                .ranked = ranked_.data(),
                .ranked_count = ranked_.size(),
                .variants = variants_.data(),
                .tables = tables_.view().values},
               ranks);
  fill_answers(rows, ranks, kLanes);
}

void ThresholdRanks::fill_plain(const TreeKernels& kernels, data::DenseView rows,
                                int8_t* ranks) const noexcept {
  RM_DCHECK(rows.rows <= kLanes && plain_);
  kernels.rank({.rows = rows.values,
                .row_count = rows.rows,
                .features = rows.columns,
                .ranked = plain_ranked_.data(),
                .ranked_count = plain_ranked_.size(),
                .variants = plain_variants_.data(),
                .tables = tables_.view().values},
               ranks);
}

void ThresholdRanks::fill_answers(data::DenseView rows, int8_t* ranks,
                                  size_t stride) const noexcept {
  for (const Answer& answer : answers_) {
    int8_t* column = ranks + answer.column * stride;
    for (size_t i = 0; i < rows.rows; ++i) {
      const float x = rows.row(i)[answer.split_column.feature];
      column[i] = biased(static_cast<size_t>(read(answer.split_column, category_words_, x)));
    }
  }
}

}  // namespace ringmaker::model
