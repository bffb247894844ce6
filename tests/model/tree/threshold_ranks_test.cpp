#include "model/tree/threshold_ranks.h"

#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

/// A rank is greater than a cut's number exactly where the value is >= the cut.
void expect_ranks_to_decide(const EnsembleShape& shape) {
  const TreeEnsemble ensemble = random_ensemble(shape, 1);
  const SplitColumns splits(ensemble);
  const ThresholdRanks ranks(ensemble, splits);
  const data::DenseBlock rows = random_rows(ensemble, kLanes, true, 2);
  for (const auto set : {base::InstructionSet::kPortable, base::detect_instruction_set()}) {
    std::vector<int8_t> bytes(ranks.columns() * kLanes);
    ranks.fill(tree_kernels(set), rows.view(), bytes.data());
    for (const TreeNode& node : ensemble.nodes) {
      const Split split = splits.split(node);
      const SplitColumn& column = splits.columns()[split.column];
      const auto place = ranks.place(split);
      for (size_t i = 0; i < kLanes; ++i) {
        const float x = rows.view().row(i)[column.feature];
        ASSERT_EQ(bytes[place.column * kLanes + i] > place.cut,
                  read(column, splits.category_words(), x) >= split.cut)
            << base::name(set) << ", value " << x << ", cut " << split.cut;
      }
    }
  }
}

TEST(ThresholdRanks, DecideAsTheCutsDo) {
  for (const size_t thresholds : {1, 15, 16, 31, 63, 127, 255, 256, 1000, 0}) {
    expect_ranks_to_decide({.features = 3, .trees = 30, .depth_max = 7, .thresholds = thresholds});
  }
}

TEST(ThresholdRanks, DecideForEveryWayToReadAFeature) {
  expect_ranks_to_decide({.nan_zero = true});
  expect_ranks_to_decide({.features = 1, .thresholds = 700, .categories = 0.1, .nan_zero = true});
  expect_ranks_to_decide({.categories = 0.2, .zero_missing = true});
}

}  // namespace
}  // namespace ringmaker::model
