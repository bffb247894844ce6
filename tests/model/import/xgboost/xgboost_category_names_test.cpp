#include "model/import/xgboost/xgboost_category_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(XgboostCategoryNames, AreCutOutOfATextByBytes) {
  EXPECT_THAT(names_between({0, 3, 3, 7}, "redblue"), ElementsAre("red", "", "blue"));
  EXPECT_THAT(names_between({0, 4, 7}, "größe"), ElementsAre("grö", "ße"));
  EXPECT_THAT(names_between({0}, ""), IsEmpty());
}

TEST(XgboostCategoryNames, AreCutByCharactersWhereBytesWouldCutOneInTwo) {
  EXPECT_THAT(names_between({0, 3, 5}, "größe"), ElementsAre("grö", "ße"));
}

TEST(XgboostCategoryNames, AreCutByCharactersWhereBytesWouldUnsortWhatIsSorted) {
  // "a", "äb", "äc" as Python counts: bytes cut whole characters too, into "a", "ä", "bä".
  EXPECT_THAT(names_between({0, 1, 3, 5}, "aäbäc"), ElementsAre("a", "äb", "äc"));
}

TEST(XgboostCategoryNames, WhatTheTextHasLostIsReplaced) {
  // "äb" and "ö": of three characters, three bytes are left.
  EXPECT_THAT(names_between({0, 2, 3}, "äb"), ElementsAre("äb", "\xef\xbf\xbd"));
}

}  // namespace
}  // namespace ringmaker::model
