#include "model/link.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

const LinearKernels& kernels() { return linear_kernels(base::InstructionSet::kPortable); }

TEST(Link, IdentityLeavesValuesAlone) {
  float values[] = {-2, 0, 3};
  apply_link(Link::kIdentity, kernels(), {values, 3, 1});
  EXPECT_EQ(values[0], -2);
  EXPECT_EQ(values[2], 3);
}

TEST(Link, LogisticGivesTheProbabilityOfClassOne) {
  float values[] = {0, 100, -100};
  apply_link(Link::kLogistic, kernels(), {values, 3, 1});
  EXPECT_EQ(values[0], 0.5F);
  EXPECT_EQ(values[1], 1.0F);
  EXPECT_NEAR(values[2] / 3.8e-44F, 1, 0.1);
}

TEST(Link, SoftmaxAddsUpToOneHoweverLargeTheValues) {
  float values[] = {1000, 1001, 999, -1000, 0, 1};
  apply_link(Link::kSoftmax, kernels(), {values, 2, 3});
  EXPECT_NEAR(values[0] + values[1] + values[2], 1, 1e-6);
  EXPECT_NEAR(values[1] / values[0], std::exp(1.0), 1e-5);
  EXPECT_EQ(values[3], 0);
  EXPECT_NEAR(values[5] / values[4], std::exp(1.0), 1e-5);
}

TEST(Link, HasAName) { EXPECT_EQ(name(Link::kSoftmax), "softmax"); }

TEST(Link, ExponentialAndStepAreWhatTheirNamesSay) {
  float values[] = {0, 1, -200, 200};
  apply_link(Link::kExponential, kernels(), {values, 4, 1});
  EXPECT_EQ(values[0], 1);
  EXPECT_FLOAT_EQ(values[1], 2.7182818F);
  EXPECT_EQ(values[2], 0);
  EXPECT_EQ(values[3], std::numeric_limits<float>::infinity());
  float steps[] = {-1, 0, 0.1F, NAN};
  apply_link(Link::kStep, kernels(), {steps, 4, 1});
  EXPECT_EQ(steps[0], 0);
  EXPECT_EQ(steps[1], 0);
  EXPECT_EQ(steps[2], 1);
  EXPECT_TRUE(std::isnan(steps[3]));
}

TEST(Link, RisingValuesLieAboveEachOther) {
  float values[] = {-1, 0, -200, 50, 3, 3, NAN, 1};
  apply_link(Link::kRising, kernels(), {values, 2, 4});
  EXPECT_EQ(values[0], -1);
  EXPECT_FLOAT_EQ(values[1], -1 + 0.6931472F + 1e-6F);
  EXPECT_FLOAT_EQ(values[2], values[1] + 1e-6F) << "the gap is none, but for the least there is";
  EXPECT_FLOAT_EQ(values[3], values[2] + 50);
  EXPECT_FLOAT_EQ(values[5], 3 + 3.0485873F + 1e-6F);
  EXPECT_TRUE(std::isnan(values[7])) << "it lies above one that is no number";
  double doubles[] = {1, 100, 800};
  apply_link(Link::kRising, doubles);
  EXPECT_DOUBLE_EQ(doubles[2], 901 + 2 * static_cast<double>(kRiseMin));
}

TEST(Link, AClassIndexIsTheFirstOfTheLargest) {
  const float raw[] = {1, 3, 3, 2, NAN, 1};
  float indices[2];
  class_index({raw, 2, 3}, {indices, 2, 1});
  EXPECT_EQ(indices[0], 1);
  EXPECT_TRUE(std::isnan(indices[1]));
}

}  // namespace
}  // namespace ringmaker::model
