#include "model/graph/graph_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

int64_t number_of(const std::string& text) {
  static const std::map<std::string, int64_t> kNumbers{{"", 4}, {"red", 8}, {"blue", 6}};
  return kNumbers.at(text);
}

TEST(GraphFeatures, TheEmptyTextIsAlwaysTheFirstAndNoneIsTwice) {
  GraphFeatures features;
  features.features.push_back({.kind = FeatureKind::kText, .texts = {"red", "blue", "red"}});
  ASSERT_TRUE(settle_features(features, number_of));
  EXPECT_THAT(features.features[0].texts, ElementsAre("", "red", "blue"));
  EXPECT_THAT(*features.features[0].text_numbers, ElementsAre(4, 8, 6));
}

TEST(GraphFeatures, OnlyIntegersThatAFloatCannotHoldGetOneOfTheirOwn) {
  GraphFeatures features;
  features.features.push_back({.kind = FeatureKind::kInteger});
  features.features.push_back({.kind = FeatureKind::kNumber});
  features.wide_integers = {3, 16777217, 16777217};
  const auto narrowing = settle_features(features, number_of);
  ASSERT_TRUE(narrowing);
  EXPECT_THAT(*features.features[0].wide_integers,
              ElementsAre(Pair(narrowing->narrow(0, 16777217.0), 16777217)));
  EXPECT_NE(narrowing->narrow(0, 16777217.0), narrowing->narrow(0, 16777216.0));
  EXPECT_TRUE(features.features[1].wide_integers->empty());
}

TEST(GraphFeatures, WhoWaitsIsToldOnce) {
  GraphFeatures features;
  features.features.push_back({});
  int told = 0;
  features.waiting.push_back([&](const data::Narrowing& narrowing) {
    EXPECT_TRUE(narrowing.empty());
    ++told;
  });
  ASSERT_TRUE(settle_features(features, number_of));
  ASSERT_TRUE(settle_features(features, number_of));
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace ringmaker::model
