#include "model/support_vectors/support_vector_predictor.h"

#include "tests/model/dense/dense_models.h"
#include "tests/model/dense/dense_oracle.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

constexpr KernelFunction kRbf{KernelType::kRbf, 0.2F, 0, 0};

Eigen::VectorXd expected_raw(const SupportVectorParameters& machine,
                             const std::vector<float>& rows) {
  const Doubles vectors = doubles_of(machine.vectors, machine.scaling.center.size());
  const Doubles squares = square_distances(scaled_rows(machine.scaling, rows), vectors);
  const Doubles similar = (-static_cast<double>(machine.kernel.gamma) * squares).array().exp();
  return (similar * row_of(machine.coefficients).transpose()).array() + machine.bias[0];
}

TEST(SupportVectorPredictor, AnswersWhatProductsInDoubleAnswer) {
  for (const size_t vectors : {1U, 3U, 200U}) {
    const Model model = random_machine(kRbf, 7, vectors, vectors);
    const auto& machine = std::get<SupportVectorParameters>(model.parameters);
    const auto rows = random_rows(100, 7, 5);
    const Eigen::VectorXd expected = expected_raw(machine, rows);
    for (const base::InstructionSet set : test::instruction_sets_here()) {
      const auto raw = raw_of(model, set, rows, 100);
      ASSERT_EQ(raw.size(), static_cast<size_t>(expected.size()));
      for (size_t i = 0; i < raw.size(); ++i) {
        ASSERT_NEAR(raw[i], expected.data()[i], 1e-4) << base::name(set);
      }
    }
  }
}

TEST(SupportVectorPredictor, ARowHasTheSameBitsInEveryBatch) {
  const Model model = random_machine(kRbf, 7, 200, 1);
  const auto rows = random_rows(200, 7, 5);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto alone = raw_of(model, set, rows, 1);
    for (const size_t at_a_time : {2U, 7U, 96U, 97U, 200U}) {
      EXPECT_EQ(raw_of(model, set, rows, at_a_time), alone) << base::name(set);
    }
  }
}

/// One machine a class, all with the same vectors.
TEST(SupportVectorPredictor, HasAMachineForEachOutput) {
  Model model = random_machine({KernelType::kLinear, 0, 0, 0}, 2, 2, 1);
  model.output = {.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  auto& machine = std::get<SupportVectorParameters>(model.parameters);
  machine = {.link = Link::kSoftmax,
             .scaling = {.center = {0, 0}, .factor = {1, 1}},
             .outputs = 3,
             .vectors = {1, 0, 0, 1},
             .coefficients = {1, 0, 0, 1, 1, 1},
             .bias = {0, 10, 20}};
  EXPECT_EQ(raw_of(model, base::detect_instruction_set(), {3, 4}, 1),
            (std::vector<float>{3, 14, 27}));
}

TEST(SupportVectorPredictor, ComesBackFromItsFile) {
  expect_kept_by_its_file(random_machine({KernelType::kPoly, 0.25F, 1.5F, 3}, 4, 6, 1));
}

TEST(SupportVectorPredictor, WhatDoesNotFitIsRefused) {
  const Model good = random_machine(kRbf, 4, 6, 1);
  ASSERT_EQ(error_of(good), "");
  const auto error_with = [&](const std::function<void(SupportVectorParameters&)>& change) {
    Model model = good;
    change(std::get<SupportVectorParameters>(model.parameters));
    return error_of(model);
  };
  using testing::HasSubstr;
  using Machine = SupportVectorParameters;
  EXPECT_THAT(error_with([](Machine& m) { m.vectors.clear(); }), HasSubstr("no support vectors"));
  EXPECT_THAT(error_with([](Machine& m) { m.vectors.pop_back(); }),
              HasSubstr("vectors has 23 values, expected 20"));
  EXPECT_THAT(error_with([](Machine& m) { m.coefficients.pop_back(); }),
              HasSubstr("coefficients has 5 values, expected 6"));
  EXPECT_THAT(error_with([](Machine& m) { m.outputs = 2; }),
              HasSubstr("output has 2 values, expected 1"));
  EXPECT_THAT(error_with([](Machine& m) { m.kernel.gamma = INFINITY; }), HasSubstr("kernel"));
  EXPECT_THAT(error_with([](Machine& m) { m.bias[0] = NAN; }), HasSubstr("bias holds nan"));
}

}  // namespace
}  // namespace ringmaker::model
