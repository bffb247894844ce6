#include "model/graph/input_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;

/// Two rows of one column as values of `type`, and which of them are spoiled.
struct Run {
  std::array<int64_t, 2> values{};
  std::array<bool, 2> spoiled{};
};
Run run(ElementType type, const GraphFeatures::Feature& feature, std::array<float, 2> rows) {
  Run result;
  InputStep step(0, 0, 1, type);
  step.add(feature);
  const Place place{.fixed = reinterpret_cast<std::byte*>(result.values.data())};
  step({.places = &place,
        .rows = rows.size(),
        .inputs = rows.data(),
        .input_columns = 1,
        .spoiled = result.spoiled.data()});
  return result;
}

TEST(InputStep, ATextIsItsNumberAndAnUnknownOneNone) {
  GraphFeatures::Feature feature{.kind = FeatureKind::kText};
  *feature.text_numbers = {7, 9};
  EXPECT_THAT(run(ElementType::kString, feature, {1, -1}).values, ElementsAre(9, -1));
  EXPECT_THAT(run(ElementType::kString, feature, {0, 2}).values, ElementsAre(7, -1));
}

TEST(InputStep, ALargeIntegerIsWhatItsFloatStandsFor) {
  GraphFeatures::Feature feature{.kind = FeatureKind::kInteger};
  feature.wide_integers->emplace_back(16777218.0F, 16777217);
  EXPECT_THAT(run(ElementType::kInt64, feature, {16777218.0F, 5}).values, ElementsAre(16777217, 5));
}

TEST(InputStep, AnIntegerThatIsMissingSpoilsItsRow) {
  const GraphFeatures::Feature feature{.kind = FeatureKind::kInteger};
  EXPECT_THAT(run(ElementType::kInt64, feature, {3, NAN}).spoiled, ElementsAre(false, true));
}

}  // namespace
}  // namespace ringmaker::model
