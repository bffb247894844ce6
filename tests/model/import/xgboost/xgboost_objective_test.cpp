#include "model/import/xgboost/xgboost_objective.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

TEST(XgboostObjective, EachNameHasItsLink) {
  EXPECT_EQ(xgboost_objective("reg:linear")->link, Link::kIdentity);
  EXPECT_EQ(xgboost_objective("binary:logistic")->link, Link::kLogistic);
  EXPECT_EQ(xgboost_objective("multi:softmax")->link, Link::kClassIndex);
  EXPECT_EQ(xgboost_objective("survival:aft")->link, Link::kExponential);
  EXPECT_EQ(xgboost_objective("reg:own"), nullptr);
}

TEST(XgboostObjective, TheMarginStartsFromTheInverseOfTheLink) {
  EXPECT_EQ(margin_of(MarginStart::kAsItIs, 0.7F), 0.7F);
  EXPECT_EQ(margin_of(MarginStart::kLogit, 0.5F), 0);
  EXPECT_FLOAT_EQ(margin_of(MarginStart::kLogit, 0.3F), -0.84729785F);
  EXPECT_FLOAT_EQ(margin_of(MarginStart::kLog, 2), 0.6931472F);
}

}  // namespace
}  // namespace ringmaker::model
