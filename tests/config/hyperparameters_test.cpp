#include "config/hyperparameters.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace ringmaker::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Hyperparameters parsed(std::string_view json) {
  const auto result = Hyperparameters::parse(json);
  EXPECT_TRUE(result) << result.error().message();
  return *result;
}

TEST(Hyperparameters, OneValueHasManySpellings) {
  for (const char* json :
       {R"({"x": "0.2"})", R"({"x": "\"0.2\""})", R"({"x": 0.2})", R"({"x": " 0.2 "})"}) {
    EXPECT_EQ(*parsed(json).number("x", 0, 0, 1), 0.2) << json;
  }
  for (const char* json :
       {R"({"x": "True"})", R"({"x": true})", R"({"x": "\"true\""})", R"({"x": "1"})"}) {
    EXPECT_TRUE(*parsed(json).boolean("x", false)) << json;
  }
  for (const char* json : {R"({"x": ""})", R"({"x": "None"})", R"({"x": "null"})",
                           R"({"x": "auto"})", R"({"sagemaker_x": "1"})", "", "  "}) {
    EXPECT_FALSE(parsed(json).text("x")) << json;
  }
  EXPECT_EQ(*parsed(R"({"x": "10.0"})").integer("x", 0, 0, 100), 10U);
  EXPECT_THAT(parsed(R"({"x": "a, b"})").list("x"), ElementsAre("a", "b"));
  EXPECT_THAT(parsed(R"({"x": "[\"a\",1]"})").list("x"), ElementsAre("a", "1"));
}

TEST(Hyperparameters, AnEmptyValueCountsAsNotGivenAndIsKnown) {
  auto parameters = Hyperparameters::parse(R"({"wd": "", "l1": " ", "epochs": "3"})");
  ASSERT_TRUE(parameters) << parameters.error().message();
  EXPECT_EQ(parameters->text("wd"), std::nullopt);
  EXPECT_THAT(parameters->empty_names(), testing::ElementsAre("l1", "wd"));
  parameters->set("wd", "0.1");
  EXPECT_THAT(parameters->empty_names(), testing::ElementsAre("l1"));
}

TEST(Hyperparameters, WhatIsWrongIsNamedWithWhatIsRight) {
  EXPECT_EQ(parsed(R"({"x": "7"})").number("x", 0, 0, 1).error().message(),
            "hyperparameter \"x\" is \"7\"; it is a number from 0 to 1");
  EXPECT_EQ(parsed(R"({"x": "1.5"})").integer("x", 0, 1, 9).error().message(),
            "hyperparameter \"x\" is \"1.5\"; it is a whole number from 1 to 9");
  EXPECT_EQ(parsed(R"({"x": "maybe"})").boolean("x", true).error().message(),
            "hyperparameter \"x\" is \"maybe\"; it is true or false");
  const std::string longest = parsed(fmt::format(R"({{"x": "{}"}})", std::string(2500, 'y')))
                                  .number("x", 0, 0, 1)
                                  .error()
                                  .message();
  EXPECT_LT(longest.size(), 200U);
  EXPECT_THAT(longest, HasSubstr("it is a number from 0 to 1")) << "fits the failure file";
  constexpr std::array<std::string_view, 2> kKnown{"max_depth", "eta"};
  EXPECT_EQ(parsed(R"({"max_dept": "1"})").check_names(kKnown).error().message(),
            "hyperparameter \"max_dept\" is unknown; did you mean \"max_depth\"?");
  EXPECT_THAT(Hyperparameters::parse(R"({"x": [1]})").error().message(),
              HasSubstr("a hyperparameter is one value"));
}

TEST(Hyperparameters, ChoicesHaveNoCase) {
  constexpr std::array<std::string_view, 2> kChoices{"sgd", "Adam"};
  const auto chosen = [&](std::string_view json) {
    return *parsed(json).choice("x", "sgd", kChoices);
  };
  EXPECT_EQ(chosen(R"({"x": "SGD"})"), "sgd");
  EXPECT_EQ(chosen(R"({"x": "adam"})"), "Adam");
  EXPECT_EQ(chosen(R"({"x": "Auto"})"), "sgd");
}

}  // namespace
}  // namespace ringmaker::config
