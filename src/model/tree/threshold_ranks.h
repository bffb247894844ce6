// ThresholdRanks: rows turned into byte columns, a value's rank among the cuts of its feature.
//
// x >= cut number c exactly where rank(x) > c: the comparison of two floats has become one of two
// bytes. A feature with more than 255 cuts fills several columns, each of which tells its own 255
// apart. Where a value is missing its columns hold the rank that sends it to its side everywhere.
#pragma once

#include "data/dense_block.h"
#include "model/tree/key_table.h"
#include "model/tree/split_columns.h"
#include "model/tree/tree_kernels.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe.
class ThresholdRanks {
 public:
  /// A byte column and the biased number of a cut within it: right when the byte is greater.
  struct Place {
    uint32_t column = 0;
    int8_t cut = 0;
    /// The column where plain() holds and nothing is missing.
    uint32_t plain_column = 0;
  };

  /// `splits` is of the ensemble.
  ThresholdRanks(const TreesView& ensemble, const SplitColumns& splits);

  [[nodiscard]] size_t columns() const noexcept { return columns_; }
  [[nodiscard]] Place place(const Split& split) const;

  [[nodiscard]] const std::vector<RankedFeature>& ranked() const noexcept { return ranked_; }
  [[nodiscard]] const std::vector<RankVariant>& variants() const noexcept { return variants_; }
  /// The distinct cuts of a feature, ascending.
  [[nodiscard]] const std::vector<float>& cuts(uint32_t feature) const { return cuts_[feature]; }

  /// Whether rows in which no value is NaN can do with one column a feature, which fill_plain()
  /// fills: there are no columns of answers, none to which zeros are missing, and no feature has
  /// more cuts than a column tells apart.
  [[nodiscard]] bool plain() const noexcept { return plain_; }
  /// Like variants(): the only one of each feature. Variant and column f are of ranked()[f].
  [[nodiscard]] const std::vector<RankedFeature>& plain_ranked() const noexcept {
    return plain_ranked_;
  }
  [[nodiscard]] const std::vector<RankVariant>& plain_variants() const noexcept {
    return plain_variants_;
  }

  /// The columns that hold a node's answer only: row i of column c at ranks[c * stride + i].
  void fill_answers(data::DenseView rows, int8_t* ranks, size_t stride) const noexcept;
  /// Fills columns() x kLanes bytes; 1 to kLanes rows.
  void fill(const TreeKernels& kernels, data::DenseView rows, int8_t* ranks) const noexcept;
  /// Fills ranked().size() x kLanes bytes; requires plain(), and that no value is NaN.
  void fill_plain(const TreeKernels& kernels, data::DenseView rows, int8_t* ranks) const noexcept;

 private:
  struct Source {
    uint32_t first_column = 0;
    uint32_t feature = 0;
    bool answer = false;
    uint32_t plain_column = 0;
  };
  struct Answer {
    uint32_t column;
    SplitColumn split_column;
  };

  void rank_feature(const SplitColumns& splits, const std::vector<uint32_t>& columns,
                    const std::vector<float>& cuts);
  void add_search_tree(const std::vector<float>& cuts);
  void make_plain();

  size_t columns_ = 0;
  std::vector<Source> sources_;              // of each column of SplitColumns
  std::vector<std::vector<float>> cuts_;     // of each feature, ascending
  std::vector<KeyTable<uint32_t>> numbers_;  // of its cuts, by their ordered_key()
  std::vector<RankedFeature> ranked_;
  std::vector<RankVariant> variants_;
  bool plain_ = false;
  std::vector<RankedFeature> plain_ranked_;
  std::vector<RankVariant> plain_variants_;
  data::DenseBlock tables_{16, 16};  // aligned as kernels want it
  size_t table_floats_ = 0;
  std::vector<Answer> answers_;
  std::vector<uint32_t> category_words_;
};

}  // namespace ringmaker::model
