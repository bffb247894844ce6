#include "model/import/lightgbm/pandas_categories.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

using Names = std::vector<std::vector<std::string>>;

LightgbmFile file_with(std::string categories) {
  LightgbmFile file;
  file.feature_names = {"age", "city", "size"};
  file.feature_infos = {"[0:1]", "0:1:2", "-1:0"};
  file.pandas_categories = std::move(categories);
  return file;
}

TEST(PandasCategories, ListsBelongToTheCategoricalFeaturesInTheirOrder) {
  LightgbmFile file = file_with(R"([["Oslo","S\u00e3o"],["s","l"]])");
  EXPECT_EQ(*pandas_categories(file), (Names{{}, {"Oslo", "S\u00e3o"}, {"s", "l"}}));
  file.categorical_features = "2,0";
  EXPECT_EQ(*pandas_categories(file), (Names{{"Oslo", "S\u00e3o"}, {}, {"s", "l"}}));
}

TEST(PandasCategories, WhereItIsNotSaidWhichFeaturesTheyAreRowsHoldCodes) {
  EXPECT_EQ(*pandas_categories(file_with(R"([["a"]])")), Names());
  EXPECT_EQ(*pandas_categories(file_with("null")), Names());
  EXPECT_EQ(*pandas_categories(file_with("")), Names());
  EXPECT_EQ(*pandas_categories(file_with(R"([[1,2],["s"]])")), (Names{{}, {}, {"s"}}));
  EXPECT_EQ(*pandas_categories(file_with(R"([[1,2],[3]])")), Names());
}

TEST(PandasCategories, WhatIsNoListOfListsIsRefused) {
  for (const char* bad : {"[", "{}", "[1]", "[[\"a\"}"}) {
    const auto names = pandas_categories(file_with(bad));
    ASSERT_FALSE(names) << bad;
    EXPECT_EQ(names.error().message().substr(0, 20), "pandas_categorical: ");
  }
}

}  // namespace
}  // namespace ringmaker::model
