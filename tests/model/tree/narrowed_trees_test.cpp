// Trees that compare doubles, asked with narrowed rows, lead where they lead with doubles.
#include "model/tree/narrowed_trees.h"

#include "model/tree/reference_walk.h"
#include "tests/model/tree/random_ensemble.h"
#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NarrowedTrees, EveryRowReachesTheLeavesThatItsDoublesReach) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    TreeEnsemble ensemble = random_ensemble({.trees = 20,
                                             .categories = 0,
                                             .zero_missing = seed % 2 == 0,
                                             .nan_zero = seed % 3 == 0,
                                             .precision = Precision::kFloat64},
                                            seed);
    ensemble.tiny_is_zero = seed % 2 == 0;
    base::Random random(seed);
    for (TreeNode& node : ensemble.nodes) {  // thresholds that no float32 is
      node.threshold *= 1 + 1e-12 * std::floor(random.uniform() * 4);
    }
    const TreeEnsemble* const one[] = {&ensemble};
    const auto narrowing = narrowing_of(one);
    ASSERT_TRUE(narrowing) << narrowing.error().message();
    const ReferenceWalk wide(ensemble);
    const ReferenceWalk narrow(narrowed_trees(ensemble, *narrowing));
    std::vector<uint32_t> expected(ensemble.trees.size());
    std::vector<uint32_t> found(ensemble.trees.size());
    for (int i = 0; i < 300; ++i) {
      std::vector<double> row(ensemble.features);
      std::vector<float> floats(ensemble.features);
      for (size_t j = 0; j < row.size(); ++j) {
        const auto n =
            static_cast<size_t>(random.uniform() * static_cast<double>(ensemble.nodes.size()));
        row[j] = ensemble.nodes[std::min(n, ensemble.nodes.size() - 1)].threshold;
        const double choice = random.uniform();
        row[j] = choice < 0.1   ? std::nan("")
                 : choice < 0.4 ? std::nextafter(row[j], kInfinity)
                 : choice < 0.6 ? std::nextafter(row[j], -kInfinity)
                                : row[j];
        floats[j] = narrowing->narrow(j, row[j]);
      }
      wide.leaves(row.data(), expected.data());
      narrow.leaves(floats.data(), found.data());
      ASSERT_EQ(found, expected) << "seed " << seed << ", row " << i;
    }
  }
}

TEST(NarrowedTrees, EnsemblesOfFloat32StayAsTheyAre) {
  const TreeEnsemble trees = small_trees();
  const TreeEnsemble* const one[] = {&trees};
  const auto narrowing = narrowing_of(one);
  ASSERT_TRUE(narrowing);
  EXPECT_TRUE(narrowing->empty());
  EXPECT_EQ(narrowed_trees(trees, *narrowing).nodes[0].threshold, trees.nodes[0].threshold);
}

TEST(NarrowedTrees, AThresholdOfInfinityKeepsAllOnTheLeft) {
  TreeEnsemble trees = small_trees();
  trees.precision = Precision::kFloat64;
  trees.nodes[0].decision = Decision::kLessEqual;
  trees.nodes[0].threshold = kInfinity;
  const TreeEnsemble* const one[] = {&trees};
  const auto narrowing = narrowing_of(one);
  ASSERT_TRUE(narrowing);
  const TreeEnsemble narrowed = narrowed_trees(trees, *narrowing);
  const float row[] = {std::numeric_limits<float>::infinity(), 1};
  EXPECT_EQ(leaf_reached(narrowed, narrowed.trees[0], row), 0U);
}

}  // namespace
}  // namespace ringmaker::model
