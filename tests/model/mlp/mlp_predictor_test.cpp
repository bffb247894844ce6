#include "model/mlp/mlp_predictor.h"

#include "tests/model/dense/dense_models.h"
#include "tests/model/dense/dense_oracle.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

Doubles activated(Activation activation, const Doubles& sums) {
  switch (activation) {
    case Activation::kNone:
      return sums;
    case Activation::kRelu:
      return sums.cwiseMax(0);
    case Activation::kTanh:
      return sums.array().tanh();
    case Activation::kLogistic:
      return sums.array().logistic();
  }
  return {};
}

Doubles expected_raw(const MlpParameters& mlp, const std::vector<float>& rows) {
  Doubles values = scaled_rows(mlp.scaling, rows);
  for (const MlpLayer& layer : mlp.layers) {
    const Doubles sums =
        (values * doubles_of(layer.weights, layer.outputs)).rowwise() + row_of(layer.bias);
    values = activated(layer.activation, sums);
  }
  return values;
}

TEST(MlpPredictor, AnswersWhatProductsInDoubleAnswer) {
  const std::vector<std::vector<size_t>> shapes{{1}, {3}, {17, 1}, {70, 33, 4}, {256, 128, 1}};
  for (const Activation activation :
       {Activation::kRelu, Activation::kTanh, Activation::kLogistic}) {
    for (const auto& widths : shapes) {
      const Model model = random_mlp(13, widths, activation, widths.size());
      const auto& mlp = std::get<MlpParameters>(model.parameters);
      const auto rows = random_rows(200, 13, 7);
      const Doubles expected = expected_raw(mlp, rows);
      for (const base::InstructionSet set : test::instruction_sets_here()) {
        const auto raw = raw_of(model, set, rows, 200);
        ASSERT_EQ(raw.size(), static_cast<size_t>(expected.size()));
        for (size_t i = 0; i < raw.size(); ++i) {
          ASSERT_NEAR(raw[i], expected.data()[i], 1e-4 * (1 + std::fabs(expected.data()[i])))
              << base::name(set) << ", row " << i / widths.back();
        }
      }
    }
  }
}

TEST(MlpPredictor, ARowHasTheSameBitsInEveryBatch) {
  const Model model = random_mlp(30, {70, 33, 3}, Activation::kTanh, 1);
  const auto rows = random_rows(200, 30, 7);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto alone = raw_of(model, set, rows, 1);
    for (const size_t at_a_time : {2U, 7U, 96U, 97U, 200U}) {
      EXPECT_EQ(raw_of(model, set, rows, at_a_time), alone) << base::name(set);
    }
  }
}

TEST(MlpPredictor, ProbabilitiesAddUpToOne) {
  const Model model = random_mlp(5, {9, 4}, Activation::kRelu, 1);
  const auto predictor = compile(model, base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_EQ((*predictor)->kind(), "mlp");
  const auto rows = random_rows(3, 5, 7);
  std::vector<float> scores(12);
  (*predictor)->predict({rows.data(), 3, 5}, {scores.data(), 3, 4});
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(scores[4 * i] + scores[4 * i + 1] + scores[4 * i + 2] + scores[4 * i + 3], 1, 1e-6);
  }
}

TEST(MlpPredictor, ComesBackFromItsFile) {
  expect_kept_by_its_file(random_mlp(5, {9, 4, 2}, Activation::kLogistic, 1));
}

TEST(MlpPredictor, WhatDoesNotFitIsRefused) {
  const Model good = random_mlp(5, {9, 4}, Activation::kRelu, 1);
  ASSERT_EQ(error_of(good), "");
  const auto error_with = [&](const std::function<void(MlpParameters&)>& change) {
    Model model = good;
    change(std::get<MlpParameters>(model.parameters));
    return error_of(model);
  };
  using testing::HasSubstr;
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.layers.clear(); }), HasSubstr("no layers"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.layers[1].weights.pop_back(); }),
              HasSubstr("layer 1's weights has 35 values, expected 36"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.layers[0].bias.push_back(0); }),
              HasSubstr("layer 0's bias has 10 values, expected 9"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.layers[0].weights[3] = NAN; }),
              HasSubstr("layer 0's weights holds nan at position 3"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.scaling.center.pop_back(); }),
              HasSubstr("center has 4 values, expected 5"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.link = Link::kIdentity; }),
              HasSubstr("identity link"));
  EXPECT_THAT(error_with([](MlpParameters& mlp) { mlp.layers.pop_back(); }),
              HasSubstr("output has 9 values, expected 4"));
}

}  // namespace
}  // namespace ringmaker::model
