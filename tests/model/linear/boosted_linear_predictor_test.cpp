#include "model/linear/boosted_linear_predictor.h"

#include "model/artifact.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ringmaker::model {
namespace {

Model boosted(Link link) {
  Model model;
  model.schema.feature_names = {"a", "b"};
  if (link == Link::kClassIndex) {
    model.output = {
        .task = data::Task::kMulticlass, .class_names = {"0", "1"}, .class_index = true};
  } else {
    model.output.value_names = {"low", "high"};
  }
  model.parameters = BoostedLinearParameters{.link = link,
                                             .objective = "some",
                                             .outputs = 2,
                                             .base = 0.5F,
                                             .bias = {1, -1},
                                             .weights = {1, 10, 100, 1000}};
  return model;
}

std::array<float, 2> scored(const Model& model, std::array<float, 2> row) {
  const auto predictor = compile(model, base::InstructionSet::kPortable);
  EXPECT_TRUE(predictor) << predictor.error().message();
  std::array<float, 2> scores{};
  (*predictor)
      ->predict({row.data(), 1, 2}, {scores.data(), 1, (*predictor)->output().score_columns()});
  return scores;
}

TEST(BoostedLinear, AddsFeatureByFeatureAndSkipsWhatIsMissing) {
  EXPECT_EQ(scored(boosted(Link::kIdentity), {2, 3}), (std::array<float, 2>{303.5F, 3019.5F}));
  EXPECT_EQ(scored(boosted(Link::kIdentity), {NAN, 3}), (std::array<float, 2>{301.5F, 2999.5F}));
}

TEST(BoostedLinear, ContributionsAreTheProductsAndNothingOfWhatIsMissing) {
  const auto predictor = compile(boosted(Link::kIdentity), base::InstructionSet::kPortable).value();
  EXPECT_EQ(predictor->output().explanation.contributions(), 6U);
  const std::array<float, 4> rows{2, 3, NAN, 3};
  std::array<double, 12> values{};
  predictor->contributions({rows.data(), 2, 2}, values.data());
  EXPECT_EQ(values,
            (std::array<double, 12>{2, 300, 1.5, 20, 3000, -0.5, 0, 300, 1.5, 0, 3000, -0.5}));
}

TEST(BoostedLinear, AClassIndexIsOneScore) {
  EXPECT_EQ(scored(boosted(Link::kClassIndex), {2, 3})[0], 1);
  EXPECT_EQ(scored(boosted(Link::kClassIndex), {-1, -1})[0], 0);
}

TEST(BoostedLinear, AModelIsTheSameBehindItsArtifact) {
  const auto back = decode_artifact(encode_artifact(boosted(Link::kExponential)));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode_artifact(*back), encode_artifact(boosted(Link::kExponential)));
}

TEST(BoostedLinear, ShapesThatDisagreeAreRefused) {
  Model model = boosted(Link::kIdentity);
  std::get<BoostedLinearParameters>(model.parameters).weights.pop_back();
  EXPECT_FALSE(validate(model));
  model = boosted(Link::kIdentity);
  std::get<BoostedLinearParameters>(model.parameters).bias[1] = NAN;
  EXPECT_FALSE(validate(model));
}

}  // namespace
}  // namespace ringmaker::model
