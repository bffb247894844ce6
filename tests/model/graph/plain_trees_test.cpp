#include "model/graph/plain_trees.h"

#include "base/random.h"
#include "model/tree/reference_walk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr SplitMode kModes[] = {SplitMode::kLessEqual, SplitMode::kLess,  SplitMode::kGreaterEqual,
                                SplitMode::kGreater,   SplitMode::kEqual, SplitMode::kNotEqual};

/// A tree of 7 nodes for each mode and each side of NaN, with a value on, below and above.
PlainTrees all_questions() {
  PlainTrees trees;
  trees.features = 1;
  for (const SplitMode mode : kModes) {
    for (const bool missing_yes : {false, true}) {
      const auto leaf = static_cast<int32_t>(trees.leaves());
      trees.roots.push_back(static_cast<int32_t>(trees.nodes.size()));
      trees.nodes.push_back({.mode = mode,
                             .missing_yes = missing_yes,
                             .threshold = 0.5,
                             .yes = ~leaf,
                             .no = ~(leaf + 1)});
      for (const double weight : {std::exp2(static_cast<double>(leaf)), 0.0}) {
        trees.entries.push_back({.target = 0, .weight = weight});
        trees.leaf_begins.push_back(static_cast<uint32_t>(trees.entries.size()));
      }
    }
  }
  return trees;
}

TEST(PlainTrees, OurTreesGoTheSameWay) {
  const PlainTrees trees = all_questions();
  ASSERT_TRUE(validate(trees));
  const auto ensemble = ensemble_of(trees);
  ASSERT_TRUE(ensemble);
  const ReferenceWalk reference(*ensemble);
  for (const float x : {0.4F, std::nextafter(0.5F, 0.0F), 0.5F, std::nextafter(0.5F, 1.0F), NAN,
                        INFINITY, -INFINITY}) {
    float sum = 0;
    int64_t reached = 0;
    walk(trees, &x, &sum, &reached);
    float found = 0;
    reference.score({&x, 1, 1}, {&found, 1, 1});
    EXPECT_EQ(found, sum) << x;
  }
}

TEST(PlainTrees, NarrowedOnesGoWhereDoublesGo) {
  PlainTrees trees = all_questions();
  for (size_t i = 0; i < trees.nodes.size(); ++i) {
    // Closer to each other than any two float32.
    trees.nodes[i].threshold = 0.5 + static_cast<double>(i) * 1e-12;
  }
  GraphFeatures features;
  features.features.resize(1);
  add_cuts(trees, 0, features);
  const auto narrowing = data::Narrowing::make({{.cuts = features.features[0].cuts}}, 0);
  ASSERT_TRUE(narrowing);
  const PlainTrees narrow = narrowed(trees, 0, *narrowing);
  for (int i = -2; i < 30; ++i) {
    const double x = 0.5 + i * 0.5e-12;
    double expected = 0;
    double found = 0;
    int64_t reached = 0;
    walk(trees, &x, &expected, &reached);
    const auto row = static_cast<double>(narrowing->narrow(0, x));
    walk(narrow, &row, &found, &reached);
    EXPECT_EQ(found, expected) << i;
  }
}

TEST(PlainTrees, LeavesOfSeveralTargetsAreOnesOfOurs) {
  PlainTrees trees = all_questions();
  trees.targets = 3;
  trees.entries[1].target = 2;
  const auto ensemble = ensemble_of(trees);
  ASSERT_TRUE(ensemble);
  EXPECT_EQ(ensemble->leaf_width, 3U);
  trees.nodes[0].mode = SplitMode::kMember;
  EXPECT_FALSE(ensemble_of(trees)) << "sets of numbers are not";
}

}  // namespace
}  // namespace ringmaker::model
