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

}  // namespace
}  // namespace ringmaker::codec
