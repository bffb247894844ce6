#include "cli/log_setup.h"

#include "config/serve_options.h"
#include "tests/support/manual_clock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What is told of the surroundings, at the level of debug.
std::string told(const Call& call) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const test::ManualClock clock;
  {
    telemetry::Log log(clock, {.descriptor = pipe[1],
                               .format = telemetry::LogFormat::kHuman,
                               .level_min = telemetry::Level::kDebug});
    log_surroundings(log, call, config::serve_option_table());
  }
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(pipe[0], buffer.data(), buffer.size());
  ::close(pipe[0]);
  ::close(pipe[1]);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))};
}

TEST(LogSetup, StraysAreAWarningUnknownVariablesAreForDebugging) {
  const std::string text =
      told({.strays = {"--some", "thing"},
            .environment = {{"SAGEMAKER_NEWS", "1"}, {"SAGEMAKER_PROGRAM", "x.py"}}});
  EXPECT_THAT(text, HasSubstr("warn  arguments_ignored  detail=unknown arguments: --some thing"));
  EXPECT_THAT(text, HasSubstr("debug variable_unknown  detail=SAGEMAKER_NEWS"));
  EXPECT_THAT(text, Not(HasSubstr("SAGEMAKER_PROGRAM")));
}

TEST(LogSetup, NothingSpecialIsNothingTold) { EXPECT_EQ(told({}), ""); }

TEST(LogSetup, WhyACommandFailedIsJsonInsideSagemakerAndWhereThatIsAskedFor) {
  const auto told_of = [](const Call& call) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(report_failure("train", {base::ErrorCode::kInvalidInput, "so it is"}, call), 2);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(told_of({}), "ringmaker train: so it is\n");
  EXPECT_THAT(told_of({.inside_sagemaker = true}), HasSubstr("\"detail\":\"so it is\"}\n"));
  EXPECT_EQ(told_of({.environment = {{"RINGMAKER_LOG_FORMAT", "human"}}, .inside_sagemaker = true}),
            "ringmaker train: so it is\n");
  EXPECT_THAT(told_of({.environment = {{"RINGMAKER_LOG_FORMAT", "JSON"}}}),
              HasSubstr("\"event\":\"failed\""));
}

TEST(LogSetup, TheFormIsAsAskedFor) {
  const auto form = [](const char* format) { return log_options({format, 20}, {}).format; };
  EXPECT_EQ(form("human"), telemetry::LogFormat::kHuman);
  EXPECT_EQ(form("json"), telemetry::LogFormat::kJson);
  EXPECT_EQ(log_options({"json", 30}, {}).level_min, telemetry::Level::kWarn);
}

}  // namespace
}  // namespace ringmaker::cli
