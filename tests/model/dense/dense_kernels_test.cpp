#include "model/dense/dense_kernels.h"

#include "base/random.h"
#include "tests/model/dense/dense_oracle.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Named {
  const char* name;
  ElementaryFunction function;
  double (*truth)(double);
  double ulps;  // as activation.h states it
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

const std::vector<Named>& functions() {
  static const std::vector<Named> kAll{
      {"exp", ElementaryFunction::kExponential, std::exp, 1},
      {"logistic", ElementaryFunction::kLogistic, logistic, 2.5},
      {"tanh", ElementaryFunction::kTanh, std::tanh, 2.5},
      {"erf", ElementaryFunction::kErf, std::erf, 1.5},
  };
  return kAll;
}

/// How far a float lies from the truth, in units of the truth's last place.
double ulps_between(float found, double truth) {
  const auto rounded = static_cast<float>(truth);
  if (std::isnan(truth) || std::isinf(rounded) || std::isinf(found)) {
    const bool same = std::isnan(truth) ? std::isnan(found) : found == rounded;
    return same ? 0 : std::numeric_limits<double>::infinity();
  }
  int exponent = -200;
  if (truth != 0) {
    static_cast<void>(std::frexp(truth, &exponent));
  }
  const double ulp = std::ldexp(1.0, std::max(exponent - 24, -149));
  return std::fabs(static_cast<double>(found) - truth) / ulp;
}

class EveryInstructionSet : public testing::TestWithParam<base::InstructionSet> {
 protected:
  const DenseKernels& kernels_ = dense_kernels(GetParam());

  float one(ElementaryFunction function, float x) {
    kernels_.map(function, &x, &x, 1);
    return x;
  }
};

/// A sample of all floats: every sign and exponent, subnormal ones, infinities, NaN.
TEST_P(EveryInstructionSet, ElementaryFunctionsKeepTheirStatedErrors) {
  constexpr uint64_t kStep = 8191;  // of 2^32 bit patterns; a prime
  std::vector<float> x;
  for (uint64_t bits = 0; bits < (uint64_t{1} << 32U); bits += kStep) {
    x.push_back(std::bit_cast<float>(static_cast<uint32_t>(bits)));
  }
  std::vector<float> y(x.size());
  for (const Named& named : functions()) {
    kernels_.map(named.function, x.data(), y.data(), x.size());
    double worst = 0;
    float at = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double ulps = ulps_between(y[i], named.truth(static_cast<double>(x[i])));
      if (ulps > worst) {
        worst = ulps;
        at = x[i];
      }
    }
    EXPECT_LE(worst, named.ulps) << named.name << " of " << at;
    EXPECT_GT(worst, 0.3) << named.name << ": so exact that nothing can have been compared";
  }
}

TEST_P(EveryInstructionSet, ElementaryFunctionsGoToTheirLimits) {
  using enum ElementaryFunction;
  EXPECT_EQ(one(kExponential, kInfinity), kInfinity);
  EXPECT_EQ(one(kExponential, -kInfinity), 0.0F);
  EXPECT_EQ(one(kExponential, 0.0F), 1.0F);
  EXPECT_EQ(one(kExponential, 88.8F), kInfinity);
  EXPECT_EQ(one(kExponential, -103.9F), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(one(kExponential, -104.1F), 0.0F);
  EXPECT_EQ(one(kLogistic, kInfinity), 1.0F);
  EXPECT_EQ(one(kLogistic, -kInfinity), 0.0F);
  EXPECT_EQ(one(kLogistic, 0.0F), 0.5F);
  EXPECT_EQ(one(kTanh, kInfinity), 1.0F);
  EXPECT_EQ(one(kTanh, -kInfinity), -1.0F);
  EXPECT_TRUE(std::signbit(one(kTanh, -0.0F)));
  EXPECT_EQ(one(kErf, kInfinity), 1.0F);
  EXPECT_EQ(one(kErf, -kInfinity), -1.0F);
  EXPECT_TRUE(std::signbit(one(kErf, -0.0F)));
  for (const Named& named : functions()) {
    EXPECT_TRUE(std::isnan(one(named.function, kNan))) << named.name;
  }
}

/// Where a value stands in an array does not matter, and nothing behind the end is touched.
TEST_P(EveryInstructionSet, ElementaryFunctionsAreTheSameInAnyPlace) {
  for (const Named& named : functions()) {
    for (size_t count = 0; count < 40; ++count) {
      std::vector<float> values(count + 1, 0.7F);
      kernels_.map(named.function, values.data(), values.data(), count);
      EXPECT_EQ(values[count], 0.7F) << named.name;
      values.pop_back();
      const float alone = one(named.function, 0.7F);
      EXPECT_TRUE(std::ranges::all_of(values, [&](float value) { return value == alone; }))
          << named.name << " of " << count;
    }
  }
}

TEST_P(EveryInstructionSet, AWeightedSumIsOneOfDoubles) {
  base::Random random(5);
  for (const size_t count : {0, 1, 3, 8, 17, 64, 1000}) {
    std::vector<float> a(count);
    std::vector<float> b(count);
    for (size_t i = 0; i < count; ++i) {
      a[i] = static_cast<float>(random.uniform() - 0.5) * 1e6F;
      b[i] = static_cast<float>(random.uniform() - 0.5);
    }
    const Eigen::RowVectorXd products = row_of(a).cwiseProduct(row_of(b));
    EXPECT_NEAR(kernels_.weighted_sum(a.data(), b.data(), count), products.sum(),
                products.cwiseAbs().sum() * 1e-14)
        << count;
  }
}

INSTANTIATE_TEST_SUITE_P(DenseKernels, EveryInstructionSet,
                         testing::ValuesIn(test::instruction_sets_here()),
                         [](const auto& set) { return std::string(base::name(set.param)); });

}  // namespace
}  // namespace ringmaker::model
