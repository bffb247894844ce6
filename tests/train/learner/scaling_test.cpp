#include "train/learner/scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two columns: 1 2 3 and 10 nan 30.
data::DenseBlock three_rows() {
  data::DenseBlock rows(2, 3);
  rows.resize(3);
  const float values[] = {1, 10, 2, NAN, 3, 30};
  std::copy(std::begin(values), std::end(values), rows.span().values);
  return rows;
}

const data::Schema kSchema{.feature_names = {"a", "b"}, .missing_markers = {}};

std::vector<float> values_of(const data::DenseBlock& block) {
  return {block.view().values, block.view().values + block.rows() * block.columns()};
}

TEST(Scaling, ColumnsGetMeanZeroAndDeviationOne) {
  const data::DenseBlock rows = three_rows();
  const Scaling scaling = measure_scaling(rows.view(), {});
  EXPECT_THAT(scaling.fill, ElementsAre(2, 20));
  EXPECT_THAT(scaling.offset, ElementsAre(2, 20));
  EXPECT_DOUBLE_EQ(scaling.unit[0], std::sqrt(2.0 / 3));
  const auto scaled = scaled_rows(rows.view(), scaling, kSchema);
  ASSERT_TRUE(scaled);
  EXPECT_FLOAT_EQ(values_of(*scaled)[0], static_cast<float>(-std::sqrt(1.5)));
  EXPECT_EQ(values_of(*scaled)[3], 0);  // what is missing is the mean
}

TEST(Scaling, WithoutCentringWhatIsMissingIsStillTheMean) {
  const data::DenseBlock rows = three_rows();
  const Scaling scaling = measure_scaling(rows.view(), {.centre = false, .normalize = false});
  const auto scaled = scaled_rows(rows.view(), scaling, kSchema);
  ASSERT_TRUE(scaled);
  EXPECT_THAT(values_of(*scaled), ElementsAre(1, 10, 2, 20, 3, 30));
}

TEST(Scaling, IsMeasuredOnTheFirstRowsWhenAsked) {
  const data::DenseBlock rows = three_rows();
  const Scaling scaling = measure_scaling(rows.view(), {.rows_max = 2});
  EXPECT_THAT(scaling.fill, ElementsAre(1.5, 10));
  EXPECT_DOUBLE_EQ(scaling.unit[0], 0.5);
  EXPECT_DOUBLE_EQ(scaling.unit[1], 1);  // one value has no spread
}

TEST(Scaling, SmallUnitsAreUnitsAndRoundingIsNone) {
  data::DenseBlock rows(3, 4);
  rows.resize(4);
  for (size_t i = 0; i < 4; ++i) {
    rows.span().row(i)[0] = static_cast<float>(i) * 1.6e-19F;  // charges, in coulombs
    rows.span().row(i)[1] = 1e30F;
    rows.span().row(i)[2] = static_cast<float>(i) * 1e-40F;
  }
  const Scaling scaling = measure_scaling(rows.view(), {});
  EXPECT_NEAR(scaling.unit[0], 1.6e-19 * std::sqrt(1.25), 1e-25);
  EXPECT_EQ(scaling.unit[1], 1);
  EXPECT_EQ(scaling.unit[2], 1) << "its weight would be no float";
  EXPECT_EQ(measure_label_scaling(std::vector<double>(3, 0.1e9), true, true)->unit, 1);
}

TEST(Scaling, AnInfiniteValueIsNamedByItsPlace) {
  data::DenseBlock rows = three_rows();
  rows.span().row(2)[1] = -std::numeric_limits<float>::infinity();
  const auto scaled = scaled_rows(rows.view(), measure_scaling(rows.view(), {}), kSchema);
  ASSERT_FALSE(scaled);
  EXPECT_THAT(scaled.error().message(), HasSubstr("row 3, feature \"b\" is infinite"));
}

TEST(Scaling, LabelsGetMeanZeroAndDeviationOneUnlessAskedOtherwise) {
  const std::vector<double> labels{1, 3};
  const auto both = measure_label_scaling(labels, true, true);
  ASSERT_TRUE(both);
  EXPECT_THAT(scaled_labels(labels, *both), ElementsAre(-1, 1));
  EXPECT_THAT(scaled_labels(labels, *measure_label_scaling(labels, false, true)),
              ElementsAre(1, 3));
  EXPECT_THAT(
      scaled_labels({labels.data(), 1}, *measure_label_scaling({labels.data(), 1}, true, true)),
      ElementsAre(0));
}

TEST(Scaling, ALabelThatIsNotFiniteIsNamedByItsRow) {
  const std::vector<double> labels{1, std::numeric_limits<double>::infinity()};
  const auto scaling = measure_label_scaling(labels, true, true);
  ASSERT_FALSE(scaling);
  EXPECT_THAT(scaling.error().message(), HasSubstr("the label of row 2 is inf"));
}

TEST(Scaling, ALabelBeyondWhatAModelAnswersIsNamedByItsRow) {
  EXPECT_TRUE(measure_label_scaling(std::vector<double>{3e38, -3e38}, true, true));
  const auto scaling = measure_label_scaling(std::vector<double>{1, 2, -1e300}, true, true);
  ASSERT_FALSE(scaling);
  EXPECT_THAT(scaling.error().message(),
              HasSubstr("the label of row 3 is -1e+300; a model answers float32, which ends at "
                        "3.4e+38"));
}

}  // namespace
}  // namespace ringmaker::train
