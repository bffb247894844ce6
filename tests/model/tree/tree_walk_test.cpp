#include "model/tree/tree_walk.h"

#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

/// Rows of 200 values, some of them NaN, are answered as by the plain walk.
void expect_the_plain_walk(const TreeEnsemble& ensemble) {
  const TreeWalk walk(ensemble, split_columns(ensemble));
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

}  // namespace
}  // namespace ringmaker::model
