#include "model/support_vectors/kernel_rows.h"

#include "tests/model/dense/dense_models.h"
#include "tests/model/dense/dense_oracle.h"

namespace ringmaker::model {
namespace {

Doubles expected_kernel(KernelFunction function, const Doubles& rows, const Doubles& vectors) {
  Doubles products = rows * vectors.transpose();
  const auto gamma = static_cast<double>(function.gamma);
  const auto inner = gamma * products.array() + static_cast<double>(function.coef0);
  switch (function.type) {
    case KernelType::kLinear:
      return products;
    case KernelType::kPoly:
      return inner.pow(static_cast<double>(function.degree));
    case KernelType::kRbf:
      return (-gamma * square_distances(rows, vectors)).array().exp();
    case KernelType::kSigmoid:
      return inner.tanh();
  }
  return {};
}

TEST(KernelRows, AnswerWhatProductsInDoubleAnswer) {
  base::Random random(3);
  constexpr size_t kFeatures = 9;
  const auto rows = random_values(20 * kFeatures, random);
  for (const size_t count : {1U, 4U, 5U, 64U, 77U}) {
    const auto vectors = random_values(count * kFeatures, random);
    for (const KernelFunction function :
         {KernelFunction{}, KernelFunction{KernelType::kPoly, 0.2F, 2, 2},
          KernelFunction{KernelType::kPoly, 0.2F, 2, 3},
          KernelFunction{KernelType::kPoly, 0.1F, 5, 2.5F},
          KernelFunction{KernelType::kRbf, 0.3F, 0, 0},
          KernelFunction{KernelType::kSigmoid, 0.3F, -0.5F, 0}}) {
      const Doubles expected =
          expected_kernel(function, doubles_of(rows, kFeatures), doubles_of(vectors, kFeatures));
      for (const base::InstructionSet set : test::instruction_sets_here()) {
        const KernelRows machine(dense_kernels(set), function, vectors, kFeatures);
        ASSERT_EQ(machine.count(), count);
        std::vector<float> out(20 * count);
        machine.evaluate(rows.data(), 20, out.data());
        for (size_t i = 0; i < out.size(); ++i) {
          ASSERT_NEAR(out[i], expected.data()[i], 2e-5 * (1 + std::fabs(expected.data()[i])))
              << base::name(set) << ", kernel " << static_cast<int>(function.type);
        }
      }
    }
  }
}

/// Where the product form of a distance has no digits left.
TEST(KernelRows, ADistanceKeepsItsDigitsFarFromZero) {
  const std::vector<float> vectors{4096, 4096, 4096.5F, 4096};
  const std::vector<float> row{4096, 4096.25F};
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const KernelRows machine(dense_kernels(set), {KernelType::kRbf, 1, 0, 0}, vectors, 2);
    std::vector<float> out(2);
    machine.evaluate(row.data(), 1, out.data());
    EXPECT_FLOAT_EQ(out[0], std::exp(-0.0625F));
    EXPECT_FLOAT_EQ(out[1], std::exp(-0.3125F));
  }
}

}  // namespace
}  // namespace ringmaker::model
