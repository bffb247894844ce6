#include "model/tree/tree_scorer.h"

#include "tests/model/tree/random_ensemble.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace ringmaker::model {
namespace {

using base::InstructionSet;

/// Every instruction set answers calls of many sizes to the bit as the plain walk does.
void expect_the_plain_walk(const EnsembleShape& shape, uint64_t seed) {
  SCOPED_TRACE(testing::Message() << shape.trees << " trees of depth " << shape.depth_max << ", "
                                  << shape.features << " features, seed " << seed);
  const TreeEnsemble ensemble = random_ensemble(shape, seed);
  for (const InstructionSet set : test::instruction_sets_here()) {
    const TreeScorer scorer(ensemble, set);
    SCOPED_TRACE(testing::Message() << base::name(set) << ": " << scorer.plan());
    for (const size_t rows : {1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 65, 200}) {
      for (const bool nan : {false, true}) {
        const data::DenseBlock block = random_rows(ensemble, rows, nan, seed + rows);
        std::vector<float> expected(rows * ensemble.outputs, 0.25F);
        std::vector<float> raw = expected;
        add_plainly(ensemble, block.view(), {expected.data(), rows, ensemble.outputs});
        scorer.score(block.view(), {raw.data(), rows, ensemble.outputs});
        ASSERT_EQ(0, std::memcmp(raw.data(), expected.data(), raw.size() * sizeof(float)))
            << rows << " rows, NaN " << nan << ", first difference at "
            << std::ranges::mismatch(raw, expected).in1 - raw.begin();
      }
    }
  }
}

TEST(TreeScorer, EveryDepthAnswersAsThePlainWalk) {
  for (size_t depth = 0; depth <= 12; ++depth) {
    expect_the_plain_walk({.depth_max = depth, .early_leaf = depth > 8 ? 0.25 : 0.0}, depth);
    expect_the_plain_walk({.depth_max = depth, .early_leaf = 0.3}, 100 + depth);
  }
}

TEST(TreeScorer, AnyNumberOfFeaturesAnswersAsThePlainWalk) {
  for (const size_t features : {1, 2, 15, 16, 17, 30, 64, 65, 100, 128, 129, 300, 3000}) {
    expect_the_plain_walk({.features = features}, features);
  }
}

TEST(TreeScorer, AnyNumberOfThresholdsAnswersAsThePlainWalk) {
  for (const size_t thresholds : {1, 2, 15, 16, 31, 32, 255, 256, 600, 0}) {
    expect_the_plain_walk({.features = 2, .trees = 40, .depth_max = 7, .thresholds = thresholds},
                          thresholds);
  }
}

TEST(TreeScorer, NoTreeOrOneOrManyAnswerAsThePlainWalk) {
  for (const size_t trees : {0, 1, 7, 8, 9, 16, 100}) {
    expect_the_plain_walk({.trees = trees}, trees);
  }
}

TEST(TreeScorer, CategoriesAnswerAsThePlainWalk) {
  expect_the_plain_walk({.categories = 0.3}, 1);
  expect_the_plain_walk({.trees = 30, .depth_max = 8, .categories = 1}, 2);
}

TEST(TreeScorer, EveryMissingModeAnswersAsThePlainWalk) {
  expect_the_plain_walk({.nan_zero = true}, 1);
  expect_the_plain_walk({.zero_missing = true}, 2);
  expect_the_plain_walk({.categories = 0.1, .zero_missing = true, .nan_zero = true}, 3);
}

TEST(TreeScorer, SumsInDoubleAndSeveralOutputsAnswerAsThePlainWalk) {
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    expect_the_plain_walk({.outputs = 3, .precision = precision}, 1);
    expect_the_plain_walk({.outputs = 4, .leaf_width = 4, .precision = precision}, 2);
    expect_the_plain_walk({.trees = 50, .depth_max = 8, .precision = precision}, 3);
    expect_the_plain_walk({.trees = 20, .depth_max = 12, .precision = precision}, 4);
  }
}

}  // namespace
}  // namespace ringmaker::model
