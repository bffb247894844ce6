#include "model/tree/tree_walk.h"

#include "model/tree/reference_walk.h"
#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

namespace ringmaker::model {
namespace {

/// Rows of 200 values, some of them NaN, are answered as by the plain walk.
void expect_the_plain_walk(const TreeEnsemble& ensemble) {
  const TreeWalk walk(ensemble, SplitColumns(ensemble));
  const data::DenseBlock rows = random_rows(ensemble, 200, true, 5);
  std::vector<float> expected(200 * ensemble.outputs);
  std::vector<float> raw = expected;
  add_plainly(ensemble, rows.view(), {expected.data(), 200, ensemble.outputs});
  walk.add(rows.view(), {raw.data(), 200, ensemble.outputs});
  EXPECT_EQ(raw, expected);
}

TEST(TreeWalk, MoreColumnsThanANarrowNodeCanNameAreWalkedInWideNodes) {
  expect_the_plain_walk(random_ensemble({.features = NarrowNode::kColumnsMax}, 1));
  expect_the_plain_walk(random_ensemble({.features = NarrowNode::kColumnsMax + 1}, 2));
}

TEST(TreeWalk, AFeatureThatNodesReadInSeveralWaysHasAColumnForEach) {
  TreeEnsemble ensemble = random_ensemble({.features = 2, .categories = 0.2}, 3);
  for (size_t i = 0; i < ensemble.nodes.size(); ++i) {
    ensemble.nodes[i].missing = static_cast<Missing>(i % 3);
  }
  expect_the_plain_walk(ensemble);
}

void expect_the_leaves_of_the_plain_walk(const TreeEnsemble& ensemble) {
  const TreeWalk walk(ensemble, SplitColumns(ensemble));
  const ReferenceWalk plain(ensemble);
  const data::DenseBlock rows = random_rows(ensemble, 50, true, 5);
  const size_t trees = ensemble.trees.size();
  std::vector<uint32_t> names(50 * trees);
  walk.leaves(rows.view(), names.data());
  std::vector<uint32_t> expected(trees);
  for (size_t i = 0; i < 50; ++i) {
    plain.leaves(rows.view().row(i), expected.data());
    ASSERT_TRUE(std::ranges::equal(expected, std::span(names).subspan(i * trees, trees))) << i;
  }
}

TEST(TreeWalk, NamesTheLeavesThatARowReaches) {
  TreeEnsemble ensemble = random_ensemble({.trees = 19, .categories = 0.2, .nan_zero = true}, 6);
  expect_the_leaves_of_the_plain_walk(ensemble);
  for (uint32_t leaf = 0; leaf < ensemble.leaf_values.size(); ++leaf) {
    ensemble.leaf_ids.push_back(leaf * 3);
  }
  expect_the_leaves_of_the_plain_walk(ensemble);
  expect_the_leaves_of_the_plain_walk(random_ensemble({.features = NarrowNode::kColumnsMax}, 7));
}

}  // namespace
}  // namespace ringmaker::model
