#include "model/dense/packed_matrix.h"

#include "base/random.h"
#include "tests/model/dense/dense_oracle.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

std::vector<float> random_values(size_t count, uint64_t seed) {
  base::Random random(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    value = static_cast<float>(random.uniform() - 0.5);
  }
  return values;
}

struct Sizes {
  size_t depth;
  size_t columns;
};

/// Around the dots, the vectors and the panels of every set.
constexpr std::array<Sizes, 14> kSizes{{{1, 1},
                                        {3, 2},
                                        {130, 1},
                                        {16, 4},
                                        {65, 5},
                                        {13, 7},
                                        {13, 8},
                                        {13, 9},
                                        {30, 15},
                                        {100, 16},
                                        {5, 33},
                                        {40, 63},
                                        {40, 64},
                                        {7, 131}}};
constexpr std::array<size_t, 8> kRows{1, 2, 3, 4, 5, 6, 7, 64};

class PackedMatrixOf : public testing::TestWithParam<base::InstructionSet> {
 protected:
  const DenseKernels& kernels_ = dense_kernels(GetParam());
};

/// start + rows * matrix, and what the rounding of so many floats may do to it.
struct Truth {
  Doubles values;
  Doubles errors;
};
Truth product(const Doubles& rows, const Doubles& matrix, const Doubles& start) {
  const double rounding = 1.2e-7 * static_cast<double>(rows.cols() + 1);
  return {.values = start + rows * matrix,
          .errors = rounding * (start.cwiseAbs() + rows.cwiseAbs() * matrix.cwiseAbs())};
}

TEST_P(PackedMatrixOf, ProductsAreThoseOfTheMatrix) {
  for (const Sizes sizes : kSizes) {
    const auto matrix = random_values(sizes.depth * sizes.columns, 1);
    const auto bias = random_values(sizes.columns, 2);
    const auto packed = PackedMatrix::for_products(kernels_, matrix, sizes.depth, sizes.columns);
    for (const size_t count : kRows) {
      const auto rows = random_values(count * sizes.depth, 3);
      std::vector<float> out(count * sizes.columns + 1, 77.0F);
      packed.multiply(rows.data(), count, {bias.data()}, out.data());
      EXPECT_EQ(out.back(), 77.0F);
      const Truth truth = product(doubles_of(rows, sizes.depth), doubles_of(matrix, sizes.columns),
                                  row_of(bias).replicate(static_cast<Eigen::Index>(count), 1));
      for (size_t i = 0; i < count * sizes.columns; ++i) {
        ASSERT_NEAR(out[i], truth.values.data()[i], truth.errors.data()[i])
            << sizes.depth << " x " << sizes.columns << ", value " << i << " of " << count;
      }
    }
  }
}

TEST_P(PackedMatrixOf, ARowHasTheSameBitsInEveryBatch) {
  for (const Sizes sizes : kSizes) {
    const auto matrix = random_values(sizes.depth * sizes.columns, 1);
    const auto bias = random_values(sizes.columns, 2);
    const auto products = PackedMatrix::for_products(kernels_, matrix, sizes.depth, sizes.columns);
    const auto distances =
        PackedMatrix::for_distances(kernels_, matrix, sizes.depth, sizes.columns);
    for (const size_t count : kRows) {
      const auto rows = random_values(count * sizes.depth, 3);
      std::vector<float> together(count * sizes.columns);
      std::vector<float> alone(together);
      const auto expect_same = [&](const char* what) {
        EXPECT_EQ(std::memcmp(together.data(), alone.data(), alone.size() * sizeof(float)), 0)
            << what << " of " << sizes.depth << " x " << sizes.columns << ", " << count << " rows";
      };
      products.multiply(rows.data(), count, {bias.data()}, together.data(), Activation::kTanh);
      for (size_t i = 0; i < count; ++i) {
        products.multiply(rows.data() + i * sizes.depth, 1, {bias.data()},
                          alone.data() + i * sizes.columns, Activation::kTanh);
      }
      expect_same("products");
      distances.square_distances(rows.data(), count, together.data());
      for (size_t i = 0; i < count; ++i) {
        distances.square_distances(rows.data() + i * sizes.depth, 1,
                                   alone.data() + i * sizes.columns);
      }
      expect_same("distances");
    }
  }
}

TEST_P(PackedMatrixOf, SumsAreAddedToWhatIsThere) {
  for (const Sizes sizes : kSizes) {
    const auto matrix = random_values(sizes.depth * sizes.columns, 1);
    const auto packed = PackedMatrix::for_products(kernels_, matrix, sizes.depth, sizes.columns);
    constexpr size_t kCount = 7;
    const auto rows = random_values(kCount * sizes.depth, 3);
    const auto before = random_values(kCount * sizes.columns, 4);
    std::vector<float> out(before);
    packed.multiply(rows.data(), kCount, {out.data(), sizes.columns}, out.data());
    const Truth truth = product(doubles_of(rows, sizes.depth), doubles_of(matrix, sizes.columns),
                                doubles_of(before, sizes.columns));
    for (size_t i = 0; i < out.size(); ++i) {
      ASSERT_NEAR(out[i], truth.values.data()[i], truth.errors.data()[i])
          << sizes.depth << " x " << sizes.columns;
    }
  }
}

TEST_P(PackedMatrixOf, ActivationsAreOfTheSums) {
  for (const Sizes sizes : kSizes) {
    const auto matrix = random_values(sizes.depth * sizes.columns, 1);
    const auto bias = random_values(sizes.columns, 2);
    const auto packed = PackedMatrix::for_products(kernels_, matrix, sizes.depth, sizes.columns);
    const auto rows = random_values(7 * sizes.depth, 3);
    std::vector<float> sums(7 * sizes.columns);
    packed.multiply(rows.data(), 7, {bias.data()}, sums.data());
    const auto out_of = [&](Activation activation) {
      std::vector<float> out(sums.size());
      packed.multiply(rows.data(), 7, {bias.data()}, out.data(), activation);
      return out;
    };
    const auto relu = out_of(Activation::kRelu);
    const auto tanh = out_of(Activation::kTanh);
    const auto logistic = out_of(Activation::kLogistic);
    for (size_t i = 0; i < sums.size(); ++i) {
      const auto sum = static_cast<double>(sums[i]);
      EXPECT_EQ(relu[i], std::max(sums[i], 0.0F));
      EXPECT_FLOAT_EQ(tanh[i], static_cast<float>(std::tanh(sum)));
      EXPECT_FLOAT_EQ(logistic[i], static_cast<float>(1 / (1 + std::exp(-sum))));
    }
  }
}

TEST_P(PackedMatrixOf, WhatIsNoNumberStaysInItsRow) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const size_t columns : {2U, 30U}) {
    const auto matrix = random_values(5 * columns, 1);
    const auto packed = PackedMatrix::for_products(kernels_, matrix, 5, columns);
    auto rows = random_values(3 * 5, 3);
    rows[5 + 2] = kNan;
    std::vector<float> zeros(columns);
    std::vector<float> out(3 * columns);
    packed.multiply(rows.data(), 3, {zeros.data()}, out.data(), Activation::kRelu);
    for (size_t i = 0; i < out.size(); ++i) {
      EXPECT_EQ(std::isnan(out[i]), i / columns == 1) << i;
    }
  }
}

TEST_P(PackedMatrixOf, DistancesAreSquaresAndNeverNegative) {
  for (const Sizes sizes : kSizes) {
    // Far from zero, where |x|^2 + |c|^2 - 2 x c would have no digit left.
    auto matrix = random_values(sizes.depth * sizes.columns, 1);
    auto rows = random_values(7 * sizes.depth, 3);
    for (auto* values : {&matrix, &rows}) {
      for (float& value : *values) {
        value += 1000.0F;
      }
    }
    for (size_t k = 0; k < sizes.depth; ++k) {
      rows[k] = matrix[k * sizes.columns];  // the first row is the first column
    }
    const auto packed = PackedMatrix::for_distances(kernels_, matrix, sizes.depth, sizes.columns);
    std::vector<float> out(7 * sizes.columns);
    packed.square_distances(rows.data(), 7, out.data());
    EXPECT_EQ(out[0], 0.0F);
    const Doubles expected = square_distances(doubles_of(rows, sizes.depth),
                                              doubles_of(matrix, sizes.columns).transpose());
    for (size_t i = 0; i < out.size(); ++i) {
      ASSERT_NEAR(out[i], expected.data()[i], expected.data()[i] * 2e-5)
          << sizes.depth << " x " << sizes.columns;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(PackedMatrix, PackedMatrixOf,
                         testing::ValuesIn(test::instruction_sets_here()),
                         [](const auto& set) { return std::string(base::name(set.param)); });

}  // namespace
}  // namespace ringmaker::model
