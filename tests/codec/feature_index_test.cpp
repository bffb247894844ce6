#include "codec/feature_index.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(FeatureIndex, FindsFeaturesByExactName) {
  const data::Schema schema{.feature_names = {"zeta", "alpha", "Alpha", "", "alpha "},
                            .missing_markers = {}};
  const FeatureIndex index(schema);
  for (size_t i = 0; i < schema.feature_count(); ++i) {
    EXPECT_EQ(index.find(schema.feature_names[i]), i);
  }
  EXPECT_EQ(index.find("ALPHA"), std::nullopt);
  EXPECT_EQ(index.find("zetaa"), std::nullopt);
}

TEST(FeatureIndex, OfTwoEqualNamesTheFirstCounts) {
  const data::Schema schema{.feature_names = {"b", "a", "a"}, .missing_markers = {}};
  EXPECT_EQ(FeatureIndex(schema).find("a"), 1U);
}

TEST(FeatureIndex, BlanksAreUnderscoresWhereTheModelHasThemSo) {
  data::Schema schema{.feature_names = {"petal_width_(cm)", "petal_length_(cm)", "a_", "plain"},
                      .missing_markers = {}};
  EXPECT_EQ(FeatureIndex(schema).find("petal length (cm)"), std::nullopt);
  schema.blanks_as_underscores = true;
  const FeatureIndex index(schema);
  EXPECT_EQ(index.find("petal length (cm)"), 1U);
  EXPECT_EQ(index.find("petal_length (cm)"), 1U);
  EXPECT_EQ(index.find("petal_length_(cm)"), 1U);
  EXPECT_EQ(index.find("a "), 2U);
  EXPECT_EQ(index.find("plain"), 3U);
  EXPECT_EQ(index.find("plain "), std::nullopt);
  EXPECT_EQ(index.find("petal-length_(cm)"), std::nullopt);
}

}  // namespace
}  // namespace ringmaker::codec
