#include "model/import/xgboost/xgboost_objective.h"

#include "model/link.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

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
  const auto margin_of = [](MarginStart start, float score) {
    to_margins(start, {&score, 1});
    return score;
  };
  EXPECT_EQ(margin_of(MarginStart::kAsItIs, 0.7F), 0.7F);
  EXPECT_EQ(margin_of(MarginStart::kLogit, 0.5F), 0);
  EXPECT_FLOAT_EQ(margin_of(MarginStart::kLogit, 0.3F), -0.84729785F);
  EXPECT_FLOAT_EQ(margin_of(MarginStart::kLog, 2), 0.6931472F);
}

TEST(XgboostObjective, ExpectilesRiseFromTheBasesAgain) {
  const std::array<float, 4> base{-2, 0.5F, 0.5F, 200};
  std::array<float, 4> values = base;
  to_margins(MarginStart::kRises, values);
  EXPECT_EQ(values[0], -2);
  apply_link(Link::kRising, linear_kernels(base::InstructionSet::kPortable),
             {values.data(), 1, values.size()});
  for (size_t k = 0; k < base.size(); ++k) {
    EXPECT_NEAR(values[k], base[k], 1e-5F * (1 + std::fabs(base[k]))) << k;
  }
}

}  // namespace
}  // namespace ringmaker::model
