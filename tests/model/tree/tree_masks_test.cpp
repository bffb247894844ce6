#include "model/tree/tree_masks.h"

#include "model/tree/tree_kernels.h"
#include "tests/model/tree/random_ensemble.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

bool fits(const EnsembleShape& shape) {
  const TreeEnsemble ensemble = random_ensemble(shape, 1);
  return TreeMasks::fits(ensemble) &&
         TreeMasks::fits(ThresholdRanks(ensemble, SplitColumns(ensemble)));
}

TEST(TreeMasks, FitTreesOfUpTo256LeavesWhateverTheirDepth) {
  EXPECT_TRUE(fits({.depth_max = 8, .early_leaf = 0}));
  EXPECT_FALSE(fits({.depth_max = 9, .early_leaf = 0}));
  EXPECT_TRUE(fits({.depth_max = 12, .early_leaf = 0.45}));
}

TEST(TreeMasks, EverySetAddsTheSameForEveryNumberOfRows) {
  // Perfect trees, some that are too thin for it, and single leaves.
  const TreeEnsemble ensemble =
      random_ensemble({.trees = 30, .depth_max = 8, .early_leaf = 0.4}, 2);
  const SplitColumns splits(ensemble);
  const ThresholdRanks ranks(ensemble, splits);
  const data::DenseBlock rows = random_rows(ensemble, kLanes, true, 3);
  for (const auto set : test::instruction_sets_here()) {
    const TreeMasks masks(ensemble, splits, ranks, tree_kernels(set));
    for (size_t count = 1; count <= kLanes; ++count) {
      std::vector<float> expected(count);
      std::vector<float> raw(count);
      add_plainly(ensemble, rows.view().slice(0, count), {expected.data(), count, 1});
      masks.add(rows.view().slice(0, count), {raw.data(), count, 1});
      ASSERT_EQ(raw, expected) << base::name(set) << ", " << count << " rows";
    }
  }
}

}  // namespace
}  // namespace ringmaker::model
