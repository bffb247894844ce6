#include "config/log_options.h"

#include <gtest/gtest.h>

namespace ringmaker::config {
namespace {

constexpr std::array<Option, 2> kTable{{kLogFormatOption, kLogLevelOption}};

base::Result<LogSettings> settings(const Texts& environment) {
  RM_ASSIGN(const OptionValues values, resolve_options(kTable, {.environment = environment}, {}));
  return make_log_settings(values);
}

TEST(LogOptions, LevelsAreNumbersOrNamesInAnyCase) {
  const std::pair<const char*, unsigned> cases[] = {
      {"debug", 10},    {"INFO", 20}, {"Warning", 30}, {"warn", 30}, {"ERROR", 40},
      {"critical", 50}, {"10", 10},   {"25", 25},      {"0", 0},     {"NOTSET", 0}};
  for (const auto& [text, level] : cases) {
    EXPECT_EQ(settings({{"SAGEMAKER_CONTAINER_LOG_LEVEL", text}})->level, level) << text;
  }
}

TEST(LogOptions, WhatIsNoLevelOrFormIsNamed) {
  for (const char* bad : {"loud", "51", "-1", "1.5"}) {
    const auto wrong = settings({{"SAGEMAKER_CONTAINER_LOG_LEVEL", bad}});
    ASSERT_FALSE(wrong) << bad;
    EXPECT_EQ(wrong.error().message(),
              "SAGEMAKER_CONTAINER_LOG_LEVEL is \"" + std::string(bad) +
                  "\"; it is debug, info, warn, error, or a number from 0 to 50");
  }
  EXPECT_FALSE(settings({{"RINGMAKER_LOG_FORMAT", "xml"}}));
}

}  // namespace
}  // namespace ringmaker::config
