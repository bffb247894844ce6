#include "serve/spare_texts.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

TEST(SpareTexts, WhatIsGivenBackIsTakenAgain) {
  SpareTexts spare;
  std::string text = spare.take();
  text.assign(1000, 'x');
  const char* const memory = text.data();
  spare.give_back(text);
  EXPECT_EQ(text.capacity(), std::string().capacity()) << "who has none holds none";
  std::string again = spare.take();
  EXPECT_EQ(again, "");
  EXPECT_EQ(again.data(), memory);
  EXPECT_LT(spare.take().capacity(), 1000U) << "there was one";
}

TEST(SpareTexts, NoMoreAreKeptThanStatedAndNoneThatIsLarge) {
  SpareTexts spare;
  std::string large(SpareTexts::kCapacityMax + 1, 'x');
  spare.give_back(large);
  EXPECT_LT(spare.take().capacity(), 1000U);
  for (size_t i = 0; i <= SpareTexts::kTextsMax; ++i) {
    std::string text(1000, 'x');
    spare.give_back(text);
  }
  for (size_t i = 0; i < SpareTexts::kTextsMax; ++i) {
    EXPECT_GE(spare.take().capacity(), 1000U);
  }
  EXPECT_LT(spare.take().capacity(), 1000U);
}

}  // namespace
}  // namespace ringmaker::serve
