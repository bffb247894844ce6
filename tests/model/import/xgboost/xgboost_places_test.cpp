#include "model/import/xgboost/xgboost_places.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

using Place = XgboostPlace;

TEST(XgboostPlaces, KeysLeadFromTheRootToWhatATreeHas) {
  Place at = Place::kRoot;
  for (const char* key : {"learner", "gradient_booster", "model", "trees"}) {
    at = step(at, key);
  }
  EXPECT_EQ(at, Place::kTrees);
  EXPECT_TRUE(is_list(at));
  EXPECT_EQ(element_of(at), Place::kTree);
  EXPECT_TRUE(is_object(Place::kTree));
  EXPECT_EQ(step(Place::kTree, "split_conditions"), Place::kSplitConditions);
  EXPECT_TRUE(is_list(Place::kSplitConditions));
  EXPECT_TRUE(is_text(step(step(Place::kTree, "tree_param"), "num_nodes")));
}

TEST(XgboostPlaces, WhatNobodyAsksForIsSkipped) {
  EXPECT_EQ(step(Place::kRoot, "trees"), Place::kSkip);
  EXPECT_EQ(step(Place::kTree, "parents"), Place::kSkip);
  EXPECT_EQ(step(Place::kSkip, "learner"), Place::kSkip);
  EXPECT_FALSE(is_object(Place::kSkip) || is_list(Place::kSkip) || is_text(Place::kSkip));
}

TEST(XgboostPlaces, ParametersOfOneNameAreToldApart) {
  EXPECT_EQ(group_of(Place::kModelParam), "gbtree_model_param.");
  EXPECT_EQ(group_of(Place::kTreeParam), "tree_param.");
  EXPECT_EQ(group_of(Place::kTree), "");
}

}  // namespace
}  // namespace ringmaker::model
