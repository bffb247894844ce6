#include "model/tree/split_columns.h"

#include "model/tree/split.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr auto kMax = static_cast<double>(std::numeric_limits<float>::max());
constexpr auto kTiny = static_cast<double>(std::numeric_limits<float>::denorm_min());

/// Thresholds at, between and beyond float32 values.
const std::vector<double> kThresholds{
    0.0, -0.0, 1.0,  0.1,   -0.1,  1e-35,  -1e-35, kTiny,     -kTiny,     kTiny / 4,
    2.5, -2.5, kMax, -kMax, 1e300, -1e300, 3.0,    kInfinity, -kInfinity, 16777217.0};

/// Every threshold's nearest float32 and its neighbours, the infinities and NaN.
std::vector<float> values_around_thresholds() {
  constexpr float kFloatInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> values{NAN, kFloatInfinity, -kFloatInfinity, -0.5F, 0.5F, 31.9F, 32.0F, 1e9F};
  for (const double threshold : kThresholds) {
    const auto near = static_cast<float>(std::fmax(std::fmin(threshold, kMax), -kMax));
    values.push_back(near);
    values.push_back(std::nextafter(near, kFloatInfinity));
    values.push_back(std::nextafter(near, -kFloatInfinity));
  }
  return values;
}

std::vector<TreeNode> every_kind_of_node() {
  std::vector<TreeNode> nodes;
  for (const Decision decision : {Decision::kLess, Decision::kLessEqual, Decision::kEqual}) {
    for (const Missing missing : {Missing::kNan, Missing::kNanOrZero, Missing::kNone}) {
      for (const bool left : {false, true}) {
        for (const double threshold : kThresholds) {
          nodes.push_back({.feature = static_cast<uint32_t>(nodes.size() % 3),
                           .decision = decision,
                           .missing = missing,
                           .missing_left = left,
                           .threshold = threshold});
        }
      }
    }
  }
  for (const Missing missing : {Missing::kNan, Missing::kNone}) {
    for (const bool members_left : {false, true}) {
      for (const bool sign_first : {false, true}) {
        nodes.push_back({.decision = Decision::kCategories,
                         .missing = missing,
                         .missing_left = !members_left,
                         .members_left = members_left,
                         .sign_first = sign_first,
                         .category_begin = 1,
                         .category_end = 2});
      }
    }
  }
  return nodes;
}

TEST(SplitColumns, ACutDecidesAsTheNodeDoesForEveryKindOfNodeAndValue) {
  TreeEnsemble ensemble;
  ensemble.features = 3;
  ensemble.nodes = every_kind_of_node();
  ensemble.category_words = {0xFFFFFFFFU, 0x80000005U, 0xFFFFFFFFU};
  const SplitColumns columns(ensemble);
  for (size_t i = 0; i < ensemble.nodes.size(); ++i) {
    const Split split = columns.split(ensemble.nodes[i]);
    const SplitColumn& column = columns.columns()[split.column];
    ASSERT_EQ(column.feature, ensemble.nodes[i].feature);
    for (const float x : values_around_thresholds()) {
      const bool right = read(column, columns.category_words(), x) >= split.cut;
      ASSERT_EQ(right, !goes_left(ensemble.nodes[i], ensemble.category_words, x))
          << "node " << i << " threshold " << ensemble.nodes[i].threshold << " value " << x;
    }
  }
}

TEST(SplitColumns, NodesThatReadAFeatureAlikeShareAColumn) {
  TreeEnsemble ensemble;
  ensemble.features = 2;
  ensemble.nodes = {{.feature = 0, .threshold = 1},
                    {.feature = 0, .threshold = 2},
                    {.feature = 1, .threshold = 1},
                    {.feature = 0, .missing_left = true, .threshold = 3}};
  const SplitColumns columns(ensemble);
  EXPECT_EQ(columns.columns().size(), 3U);
  EXPECT_EQ(columns.split(ensemble.nodes[0]).column, columns.split(ensemble.nodes[1]).column);
  EXPECT_NE(columns.split(ensemble.nodes[0]).column, columns.split(ensemble.nodes[2]).column);
  EXPECT_NE(columns.split(ensemble.nodes[0]).column, columns.split(ensemble.nodes[3]).column);
}

}  // namespace
}  // namespace ringmaker::model
