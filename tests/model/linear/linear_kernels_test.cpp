#include "model/linear/linear_kernels.h"

#include "tests/model/model_test_support.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

using base::InstructionSet;

/// Distance in units of the last place of a float at `expected`.
double ulps(float value, double expected) {
  const float nearest = static_cast<float>(expected);
  const double unit =
      static_cast<double>(std::nextafter(std::fabs(nearest), HUGE_VALF) - std::fabs(nearest));
  return std::fabs(static_cast<double>(value) - expected) / unit;
}

std::vector<float> arguments() {
  std::vector<float> values{0.0F, -0.0F, 1.0F, -1.0F, 88.7F, -87.0F, 1e-20F};
  base::Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<float>(random.uniform() * 170 - 85));
  }
  return values;
}

TEST(LinearKernels, ExponentialAndLogisticLieWithinTheStatedError) {
  for (const InstructionSet set : test::instruction_sets_here()) {
    std::vector<float> exponentials = arguments();
    std::vector<float> logistics = arguments();
    linear_kernels(set).exponential(exponentials.data(), exponentials.size());
    linear_kernels(set).logistic(logistics.data(), logistics.size());
    const std::vector<float> x = arguments();
    for (size_t i = 0; i < x.size(); ++i) {
      const double exact = static_cast<double>(x[i]);
      ASSERT_LE(ulps(exponentials[i], std::exp(exact)), 0.6) << x[i];
      ASSERT_LE(ulps(logistics[i], 1 / (1 + std::exp(-exact))), 0.6) << x[i];
    }
  }
}

TEST(LinearKernels, ExponentialEndsInZeroAndInfinityAndKeepsNotANumber) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const InstructionSet set : test::instruction_sets_here()) {
    float values[] = {-infinity, -1e30F, infinity, 1e30F, NAN};
    linear_kernels(set).exponential(values, 5);
    EXPECT_EQ(values[0], 0);
    EXPECT_EQ(values[1], 0);
    EXPECT_EQ(values[2], infinity);
    EXPECT_EQ(values[3], infinity);
    EXPECT_TRUE(std::isnan(values[4]));
  }
}

struct Gradient {
  size_t features;
  size_t outputs;
  size_t rows;

  std::vector<float> of(InstructionSet set) const {
    base::Random random(features * 100 + rows);
    const size_t stride = padded_to_lanes(features);
    std::vector<float> values = random_values(rows * features, random);
    for (float& value : values) {
      value = random.chance(0.1) ? NAN : value;
    }
    std::vector<float> fill = random_values(features, random);
    fill.resize(stride);
    const std::vector<float> residual = random_values(rows * outputs, random);
    std::vector<float> gradient(outputs * stride);
    const LinearTask task{.rows = values.data(),
                          .row_count = rows,
                          .features = features,
                          .fill = fill.data(),
                          .outputs = outputs,
                          .stride = stride};
    linear_kernels(set).accumulate(task, residual.data(), gradient.data());
    for (size_t k = 0; k < outputs; ++k) {
      for (size_t j = 0; j < features; ++j) {
        double expected = 0;
        for (size_t i = 0; i < rows; ++i) {
          const float x = values[i * features + j];
          expected += std::isnan(x) ? 0.0
                                    : static_cast<double>(residual[i * outputs + k]) *
                                          static_cast<double>(x - fill[j]);
        }
        EXPECT_NEAR(gradient[k * stride + j], expected, 1e-4);
      }
    }
    return gradient;
  }
};

TEST(LinearKernels, GradientsAgreeWithTheDefinitionAndToTheBitAcrossSets) {
  for (const Gradient& one : {Gradient{1, 1, 1}, Gradient{3, 1, 5}, Gradient{30, 1, 64},
                              Gradient{33, 3, 31}, Gradient{100, 4, 130}, Gradient{16, 2, 7}}) {
    const std::vector<float> first = one.of(InstructionSet::kPortable);
    for (const InstructionSet set : test::instruction_sets_here()) {
      const std::vector<float> other = one.of(set);
      for (size_t i = 0; i < first.size(); ++i) {
        ASSERT_EQ(std::bit_cast<uint32_t>(first[i]), std::bit_cast<uint32_t>(other[i]))
            << base::name(set) << " at " << i;
      }
    }
  }
}

}  // namespace
}  // namespace ringmaker::model
