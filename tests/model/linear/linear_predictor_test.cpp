#include "model/linear/linear_predictor.h"

#include "tests/model/dense/dense_oracle.h"
#include "tests/model/model_test_support.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

using base::InstructionSet;

const float kMissing = std::numeric_limits<float>::quiet_NaN();

std::unique_ptr<Predictor> compiled(const Model& model, InstructionSet set) {
  auto predictor = compile(model, set);
  EXPECT_TRUE(predictor) << predictor.error().message();
  return std::move(*predictor);
}

std::vector<float> scores_of(const Predictor& predictor, const std::vector<float>& rows,
                             size_t slice_rows) {
  const size_t columns = predictor.schema().feature_count();
  const size_t outputs = predictor.output().score_columns();
  const size_t count = rows.size() / columns;
  std::vector<float> scores(count * outputs);
  for (size_t first = 0; first < count; first += slice_rows) {
    const size_t slice = std::min(slice_rows, count - first);
    predictor.predict({rows.data() + first * columns, slice, columns},
                      {scores.data() + first * outputs, slice, outputs});
  }
  return scores;
}

/// The definition in model.h, in double.
Doubles reference(const Model& model, const std::vector<float>& rows) {
  const auto& linear = std::get<LinearParameters>(model.parameters);
  const size_t columns = linear.fill.size();
  Doubles x = doubles_of(rows, columns);
  x = x.array().isNaN().select(row_of(linear.fill).replicate(x.rows(), 1), x).eval();
  const Eigen::Map<const Eigen::RowVectorXd> bias(linear.bias.data(),
                                                  static_cast<Eigen::Index>(linear.bias.size()));
  Doubles raw = (x * doubles_of(linear.weights, columns).transpose()).rowwise() + bias;
  if (linear.link == Link::kIdentity) {
    return raw;
  }
  if (linear.link == Link::kLogistic) {
    return raw.array().logistic();
  }
  const Doubles powers = raw.array().exp();
  return powers.array().colwise() / powers.rowwise().sum().array();
}

std::vector<float> rows_with_gaps(size_t rows, size_t columns, uint64_t seed) {
  base::Random random(seed);
  std::vector<float> values = random_values(rows * columns, random, 5);
  for (float& value : values) {
    value = random.chance(0.1) ? kMissing : value;
  }
  return values;
}

class LinearPredictorSweep : public testing::TestWithParam<size_t> {};

TEST_P(LinearPredictorSweep, AgreesWithTheDefinitionAndToTheBitAcrossSetsAndSlices) {
  const size_t columns = GetParam();
  for (const Link link : {Link::kIdentity, Link::kLogistic, Link::kSoftmax}) {
    const Model model = random_linear(link, columns, link == Link::kSoftmax ? 5 : 1, columns);
    const std::vector<float> rows = rows_with_gaps(37, columns, columns + 1);
    const Doubles expected = reference(model, rows);
    std::vector<float> first;
    for (const InstructionSet set : test::instruction_sets_here()) {
      const auto predictor = compiled(model, set);
      for (const size_t slice_rows : {1, 3, 8, 37}) {
        const std::vector<float> scores = scores_of(*predictor, rows, slice_rows);
        if (first.empty()) {
          first = scores;
          for (size_t i = 0; i < scores.size(); ++i) {
            ASSERT_NEAR(scores[i], expected.data()[i], 1e-6 * static_cast<double>(columns) + 1e-6)
                << i;
          }
        }
        for (size_t i = 0; i < scores.size(); ++i) {
          ASSERT_EQ(std::bit_cast<uint32_t>(scores[i]), std::bit_cast<uint32_t>(first[i]))
              << base::name(set) << " slices of " << slice_rows << " score " << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, LinearPredictorSweep,
                         testing::Values(1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 31, 32, 33, 48, 63, 64,
                                         65, 100, 127, 300));

TEST(LinearPredictor, AMissingValueCountsAsItsFill) {
  Model model = random_linear(Link::kIdentity, 2, 1, 1);
  model.parameters = LinearParameters{.weights = {2, 10}, .bias = {1}, .fill = {5, 7}};
  const auto predictor = compiled(model, InstructionSet::kPortable);
  EXPECT_FLOAT_EQ(scores_of(*predictor, {3, kMissing}, 1)[0], 1 + 2 * 3 + 10 * 7);
}

TEST(LinearPredictor, ContributionsAreWeightTimesTheDistanceFromTheFill) {
  Model model;
  model.schema.feature_names = {"a", "b"};
  model.parameters = LinearParameters{.weights = {3, -2}, .bias = {10}, .fill = {1, 5}};
  const auto predictor = compile(model, base::InstructionSet::kPortable).value();
  EXPECT_EQ(predictor->output().explanation.contributions(), 3U);
  EXPECT_EQ(predictor->output().explanation.leaves, 0U);
  const std::array<float, 4> rows{4, NAN, 1, 6};
  std::array<double, 6> values{};
  predictor->contributions({rows.data(), 2, 2}, values.data());
  EXPECT_EQ(values, (std::array<double, 6>{9, 0, 3, 0, -2, 3}));
  std::array<float, 2> raw{};
  predictor->predict_raw({rows.data(), 2, 2}, {raw.data(), 2, 1});
  EXPECT_EQ(raw, (std::array<float, 2>{12, 1}));
}

TEST(LinearPredictor, LargeFeaturesThatVaryLittleKeepTheirDigits) {
  // A year and a bias that cancel: in plain float sums the answer would be off by about 0.01.
  Model model = random_linear(Link::kIdentity, 1, 1, 1);
  model.parameters = LinearParameters{.weights = {100}, .bias = {-199'999.75}, .fill = {2000}};
  for (const InstructionSet set : test::instruction_sets_here()) {
    EXPECT_EQ(scores_of(*compiled(model, set), {2001}, 1)[0], 100.25F);
  }
}

TEST(LinearPredictor, NamesItselfAndItsInstructionSet) {
  const auto predictor =
      compiled(random_linear(Link::kLogistic, 3, 1, 1), InstructionSet::kPortable);
  EXPECT_EQ(predictor->kind(), "linear");
  EXPECT_EQ(predictor->instruction_set(), "portable");
  EXPECT_EQ(predictor->output().score_columns(), 1U);
}

TEST(LinearPredictor, MarginsAreAnsweredAsTheyAre) {
  const auto predictor = compiled(margin_linear(), InstructionSet::kPortable);
  EXPECT_TRUE(predictor->output().margin);
  EXPECT_EQ(scores_of(*predictor, {1, 1, 0, 4}, 2), (std::vector<float>{2, -5}));
}

TEST(LinearPredictor, RawValuesAreWhatTheLinkMakesScoresOf) {
  Model model = random_linear(Link::kLogistic, 2, 1, 1);
  model.parameters = LinearParameters{
      .link = Link::kLogistic, .outputs = 1, .weights = {2, 10}, .bias = {1}, .fill = {0, 0}};
  const auto predictor = compiled(model, InstructionSet::kPortable);
  const std::vector<float> rows = {3, -0.5F, 20, 20};
  std::vector<float> values(2);
  predictor->predict_raw({rows.data(), 2, 2}, {values.data(), 2, 1});
  EXPECT_EQ(values, (std::vector<float>{2, 241})) << "where the probability is no more than 1";
  predictor->link({values.data(), 2, 1});
  EXPECT_EQ(values, scores_of(*predictor, rows, 2));
  EXPECT_EQ(values[1], 1.0F);
}

TEST(LinearPredictor, InfinitiesThatCancelAreNanInTheirOwnRowAlone) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const Link link : {Link::kIdentity, Link::kLogistic, Link::kSoftmax}) {
    const size_t outputs = link == Link::kSoftmax ? 3 : 1;
    Model model = random_linear(link, 2, outputs, 3);
    std::get<LinearParameters>(model.parameters).weights.assign(2 * outputs, 0.5F);
    for (const InstructionSet set : test::instruction_sets_here()) {
      const auto predictor = compiled(model, set);
      const auto scores = scores_of(*predictor, {1, 2, kInfinity, -kInfinity, 1, 2}, 3);
      for (size_t k = 0; k < outputs; ++k) {
        EXPECT_TRUE(std::isfinite(scores[k]));
        EXPECT_TRUE(std::isnan(scores[outputs + k]));
        EXPECT_EQ(scores[k], scores[2 * outputs + k]);
      }
    }
  }
}

TEST(LinearPredictor, OneInfinityDecidesTheProbability) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Model model = random_linear(Link::kLogistic, 2, 1, 3);
  std::get<LinearParameters>(model.parameters).weights = {0.5F, 0.5F};
  for (const InstructionSet set : test::instruction_sets_here()) {
    const auto predictor = compiled(model, set);
    EXPECT_EQ(scores_of(*predictor, {1, kInfinity, -kInfinity, 1}, 2), (std::vector<float>{1, 0}));
  }
}

}  // namespace
}  // namespace ringmaker::model
