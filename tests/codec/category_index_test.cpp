#include "codec/category_index.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(CategoryIndex, ACodeIsThePlaceOfItsText) {
  data::Schema schema{.feature_names = {"colour", "size", "weight"}};
  EXPECT_TRUE(CategoryIndex(schema).empty());
  schema.category_names = {{"red", "", "blue"}, {"L", "S"}, {}};
  const CategoryIndex index(schema);
  EXPECT_FALSE(index.empty());
  EXPECT_EQ(index.find(0, "red"), 0);
  EXPECT_EQ(index.find(0, ""), 1);
  EXPECT_EQ(index.find(0, "blue"), 2);
  EXPECT_EQ(index.find(1, "S"), 1);
  EXPECT_EQ(index.find(1, "red"), std::nullopt);
  EXPECT_EQ(index.find(2, "red"), std::nullopt);
  EXPECT_EQ(index.find(9, "red"), std::nullopt);
}

TEST(CategoryIndex, ALostCharacterMayBeAnyOne) {
  data::Schema schema{.feature_names = {"word"}};
  schema.category_names = {{"x,y", "x,\uFFFD", "a\uFFFD\uFFFD"}};
  const CategoryIndex index(schema);
  EXPECT_EQ(index.find(0, "x,y"), 0);
  EXPECT_EQ(index.find(0, "x,z"), 1);
  EXPECT_EQ(index.find(0, "x,\u00FC"), 1);
  EXPECT_EQ(index.find(0, "abc"), 2);
  EXPECT_EQ(index.find(0, "x,"), std::nullopt);
  EXPECT_EQ(index.find(0, "x,zz"), std::nullopt);
}

}  // namespace
}  // namespace ringmaker::codec
