#include "codec/category_index.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::codec {
namespace {

TEST(CategoryIndex, ACodeIsThePlaceOfItsText) {
  data::Schema schema{.feature_names = {"colour", "size", "weight"}};
  EXPECT_TRUE(CategoryIndex(schema).empty());
  schema.category_names = {{"red", "", "blue"}, {"L", "S"}, {}};
  const CategoryIndex index(schema);
  EXPECT_FALSE(index.empty());
  EXPECT_EQ(index.code_of(0, "red"), 0);
  EXPECT_EQ(index.code_of(0, ""), std::nullopt) << "is missing";
  EXPECT_EQ(index.code_of(0, "blue"), 2);
  EXPECT_EQ(index.code_of(1, "S"), 1);
  EXPECT_EQ(index.code_of(1, "red"), std::nullopt);
  EXPECT_EQ(index.code_of(2, "red"), std::nullopt);
  EXPECT_EQ(index.code_of(9, "red"), std::nullopt);
}

TEST(CategoryIndex, ATextIsNeverMissingNorUnknown) {
  data::Schema schema{.feature_names = {"colour", "weight"}};
  schema.text_features = {true, false};
  EXPECT_FALSE(CategoryIndex(schema).empty());
  schema.category_names = {{"red", ""}, {}};
  const CategoryIndex index(schema);
  EXPECT_EQ(index.code_of(0, ""), 1);
  EXPECT_EQ(index.value_of(0, "green"), -1);
  EXPECT_EQ(index.value_of(1, "green"), std::nullopt);
}

TEST(CategoryIndex, WhatIsUnknownMayBeMissing) {
  data::Schema schema{.feature_names = {"colour", "weight"}};
  schema.category_names = {{"red"}, {}};
  EXPECT_EQ(CategoryIndex(schema).value_of(0, "green"), std::nullopt);
  schema.unknown_text_missing = true;
  EXPECT_TRUE(std::isnan(CategoryIndex(schema).value_of(0, "green").value_or(0)));
  EXPECT_EQ(CategoryIndex(schema).value_of(0, "red"), 0);
  EXPECT_EQ(CategoryIndex(schema).value_of(1, "green"), std::nullopt) << "has no categories";
}

TEST(CategoryIndex, ALostCharacterMayBeAnyOne) {
  data::Schema schema{.feature_names = {"word"}};
  schema.category_names = {{"x,y", "x,\uFFFD", "a\uFFFD\uFFFD"}};
  const CategoryIndex index(schema);
  EXPECT_EQ(index.value_of(0, "x,y"), 0);
  EXPECT_EQ(index.value_of(0, "x,z"), 1);
  EXPECT_EQ(index.value_of(0, "x,\u00FC"), 1);
  EXPECT_EQ(index.value_of(0, "abc"), 2);
  EXPECT_EQ(index.value_of(0, "x,"), std::nullopt);
  EXPECT_EQ(index.value_of(0, "x,zz"), std::nullopt);
}

}  // namespace
}  // namespace ringmaker::codec
