#include "model/import/lightgbm/lightgbm_objective.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::model {
namespace {

TEST(LightgbmObjective, ALineSaysLinkTaskAndSettings) {
  const auto binary = lightgbm_objective("binary sigmoid:0.7");
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->link, Link::kLogistic);
  EXPECT_EQ(binary->task, data::Task::kBinary);
  EXPECT_EQ(binary->slope, 0.7);
  const auto ova = lightgbm_objective("multiclassova num_class:3 sigmoid:1.5");
  ASSERT_TRUE(ova);
  EXPECT_EQ(ova->link, Link::kLogistic);
  EXPECT_EQ(ova->classes, 3U);
  EXPECT_EQ(ova->slope, 1.5);
  EXPECT_EQ(lightgbm_objective("regression")->link, Link::kIdentity);
  EXPECT_EQ(lightgbm_objective("regression sqrt")->link, Link::kSignedSquare);
  EXPECT_EQ(lightgbm_objective("tweedie")->link, Link::kExponential);
  EXPECT_EQ(lightgbm_objective("cross_entropy")->task, data::Task::kRegression);
  EXPECT_EQ(lightgbm_objective("xentlambda")->link, Link::kSoftplus);
  EXPECT_EQ(lightgbm_objective("lambdarank")->link, Link::kIdentity);
}

TEST(LightgbmObjective, RootsAreSquaredWhereTheLibraryDoesSo) {
  for (const char* squared : {"regression", "regression_l1", "fair", "quantile", "mape"}) {
    EXPECT_EQ(lightgbm_objective(std::string(squared) + " sqrt")->link, Link::kSignedSquare)
        << squared;
    EXPECT_EQ(lightgbm_objective(squared)->link, Link::kIdentity) << squared;
  }
  EXPECT_EQ(lightgbm_objective("huber sqrt")->link, Link::kIdentity);
  for (const char* exponential : {"poisson", "gamma", "tweedie"}) {
    EXPECT_EQ(lightgbm_objective(std::string(exponential) + " sqrt")->link, Link::kExponential)
        << exponential;
  }
}

TEST(LightgbmObjective, AnObjectiveOfOnesOwnAnswersRawValues) {
  const auto none = lightgbm_objective("");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->link, Link::kIdentity);
  EXPECT_EQ(lightgbm_objective("custom")->link, Link::kIdentity);
}

TEST(LightgbmObjective, WhatIsUnknownIsNamed) {
  const auto unknown = lightgbm_objective("cosine x:1");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), base::ErrorCode::kUnsupported);
  EXPECT_NE(unknown.error().message().find("\"cosine\""), std::string::npos);
  for (const char* bad : {"binary sigmoid:", "binary sigmoid:-1", "binary sigmoid:x",
                          "multiclass num_class:x", "binary sigmoid:nan"}) {
    EXPECT_FALSE(lightgbm_objective(bad)) << bad;
  }
}

}  // namespace
}  // namespace ringmaker::model
