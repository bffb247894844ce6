// What is written to the log and told to those who scrape.
#include "telemetry/exposition.h"
#include "telemetry/histogram.h"
#include "telemetry/log.h"
#include "tests/support/manual_clock.h"
#include "tests/support/no_more_threads.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace ringmaker::telemetry {
namespace {

using testing::HasSubstr;

class LogTest : public testing::Test {
 public:
  LogTest() { EXPECT_EQ(::pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK), 0); }
  ~LogTest() override {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

 protected:
  std::string read() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(pipe_[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<size_t>(got));
    }
    return text;
  }
  test::ManualClock clock_;
  std::array<int, 2> pipe_{};
};

TEST_F(LogTest, OneEventIsOneLineOfJson) {
  Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kJson});
  log.write(Level::kInfo, "start",
            {{"port", uint64_t{8080}}, {"text", "a \"b\"\n\\"}, {"ok", true}, {"n", int64_t{-1}}});
  log.flush();
  EXPECT_EQ(read(),
            "{\"ts\":\"2026-01-05T10:11:13.000Z\",\"level\":\"info\",\"event\":\"start\","
            "\"port\":8080,\"text\":\"a \\\"b\\\"\\u000a\\\\\",\"ok\":true,\"n\":-1}\n");
}

TEST_F(LogTest, AFieldWithoutAValueIsLeftOut) {
  Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kHuman});
  log.write(Level::kWarn, "decode_error", {{"row", std::monostate()}, {"column", uint64_t{2}}});
  log.flush();
  EXPECT_EQ(read(), "2026-01-05T10:11:13.000Z warn  decode_error  column=2\n");
}

TEST_F(LogTest, PeopleReadWords) {
  Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kHuman});
  log.write(Level::kWarn, "decode_error", {{"row", uint64_t{3}}});
  log.flush();
  EXPECT_EQ(read(), "2026-01-05T10:11:13.000Z warn  decode_error  row=3\n");
}

TEST_F(LogTest, LevelsBelowTheLeastAreLeftOut) {
  Log log(clock_, {.descriptor = pipe_[1], .level_min = Level::kWarn});
  log.write(Level::kInfo, "quiet", {});
  log.flush();
  EXPECT_EQ(read(), "");
}

TEST_F(LogTest, EqualErrorsWithinASecondAreCounted) {
  Log log(clock_, {.descriptor = pipe_[1]});
  for (int i = 0; i < 419; ++i) {
    log.write(Level::kWarn, "decode_error", {{"row", uint64_t{3}}});
  }
  log.write(Level::kWarn, "other", {});
  log.flush();
  const std::string text = read();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, HasSubstr("\"event\":\"repeated\",\"times\":418,\"of\":{\"level\":\"warn\","
                              "\"event\":\"decode_error\",\"row\":3}}\n"));
}

TEST_F(LogTest, ErrorsOfSeveralKindsInTurnAreCountedByKind) {
  Log log(clock_, {.descriptor = pipe_[1]});
  for (int i = 0; i < 100; ++i) {
    log.write(Level::kWarn, "one", {});
    log.write(Level::kWarn, "two", {});
  }
  log.flush();
  const std::string text = read();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
  EXPECT_THAT(text, HasSubstr("\"times\":99,\"of\":{\"level\":\"warn\",\"event\":\"one\"}"));
  EXPECT_THAT(text, HasSubstr("\"times\":99,\"of\":{\"level\":\"warn\",\"event\":\"two\"}"));
}

TEST_F(LogTest, AnErrorThatComesAgainAfterASecondIsWrittenAgain) {
  Log log(clock_, {.descriptor = pipe_[1]});
  log.write(Level::kWarn, "one", {});
  clock_.advance_ms(1'000);
  log.write(Level::kWarn, "one", {});
  log.flush();
  const std::string text = read();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
}

TEST_F(LogTest, RequestsDoNotDifferByTheirIdAlone) {
  Log log(clock_, {.descriptor = pipe_[1]});
  log.write(Level::kWarn, "decode_error", {{"row", uint64_t{3}}, {"request_id", "first"}});
  log.write(Level::kWarn, "decode_error", {{"row", uint64_t{3}}, {"request_id", "second"}});
  log.write(Level::kWarn, "decode_error", {{"row", uint64_t{4}}, {"request_id", ""}});
  log.flush();
  const std::string text = read();
  EXPECT_THAT(text, HasSubstr("\"row\":3,\"request_id\":\"first\"}"));
  EXPECT_THAT(
      text,
      HasSubstr("\"times\":1,\"request_ids\":[\"second\"],\"of\":{\"level\":\"warn\",\"event\":"
                "\"decode_error\",\"row\":3}}"));
  EXPECT_THAT(text, HasSubstr("\"row\":4}")) << "an empty id is left out";
}

TEST_F(LogTest, OfTheIdsOfRepeatsTheFirstAreKept) {
  for (const LogFormat format : {LogFormat::kJson, LogFormat::kHuman}) {
    Log log(clock_, {.descriptor = pipe_[1], .format = format});
    log.write(Level::kWarn, "e", {{"request_id", "a"}});
    log.write(Level::kWarn, "e", {{"request_id", ""}});
    log.write(Level::kWarn, "e", {{"request_id", "b\"" + std::string(100, 'c')}});
    for (int i = 0; i < 100; ++i) {
      log.write(Level::kWarn, "e", {{"request_id", std::to_string(i)}});
    }
    log.flush();
    const std::string text = read();
    const bool json = format == LogFormat::kJson;
    EXPECT_THAT(text, HasSubstr(json ? "\"times\":102,\"request_ids\":[\"b\\\"" +
                                           std::string(62, 'c') + "\",\"0\",\"1\","
                                     : "... 102 more like this: warn  e  request_ids=b\\\"" +
                                           std::string(62, 'c') + ",0,1,"));
    EXPECT_THAT(text, HasSubstr(json ? ",\"14\"],\"of\":" : ",13,14\n"));
  }
}

TEST_F(LogTest, RepeatsAreWrittenBeforeWhatComesNextWhenAskedFor) {
  Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kHuman});
  log.write(Level::kWarn, "one", {});
  log.write(Level::kWarn, "one", {});
  log.write_repeats();
  log.write(Level::kInfo, "stop", {});
  log.flush();
  const std::string text = read();
  EXPECT_LT(text.find("1 more like this"), text.find("stop")) << text;
}

TEST_F(LogTest, WhatIsNotUtf8OrNotFiniteStillMakesALineOfJson) {
  Log log(clock_, {.descriptor = pipe_[1]});
  log.write(Level::kInfo, "x", {{"a", "\xFF\xC3\xA4\xED\xA0\x80\x7F"}, {"n", std::nan("")}});
  log.flush();
  EXPECT_THAT(read(), HasSubstr("\"a\":\"\xEF\xBF\xBD\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD"
                                "\xEF\xBF\xBD\\u007f\",\"n\":null}"));
}

TEST_F(LogTest, TheLevelIsColouredWhereThatIsWanted) {
  Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kHuman, .colour = true});
  log.write(Level::kError, "x", {});
  log.flush();
  EXPECT_THAT(read(), HasSubstr("\x1b[31merror\x1b[0m x\n"));
}

TEST_F(LogTest, AReaderThatStandsStillStopsNeitherTheWriterNorTheEnd) {
  // A blocking descriptor, full: as standard error of a container whose collector hangs.
  ::fcntl(pipe_[1], F_SETFL, 0);
  const base::SystemClock clock;
  const auto begun = clock.now_ns();
  {
    Log log(clock, {.descriptor = pipe_[1], .lines_queued_max = 64});
    const std::string large(10'000, 'x');
    for (int i = 0; i < 1000; ++i) {
      log.write(Level::kInfo, "x", {{"n", int64_t{i}}, {"text", large}});
    }
    EXPECT_GT(log.lines_dropped(), 0U);
  }
  // One second for the line that is stuck, not one for each.
  EXPECT_LT(clock.now_ns() - begun, 30 * base::kNanosecondsPerSecond);
}

TEST_F(LogTest, WithoutAThreadOfItsOwnItWritesEachLineAtOnceAndLeavesSignalsAsTheyWere) {
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    const test::NoMoreThreads none;
    Log log(clock_, {.descriptor = pipe_[1], .format = LogFormat::kHuman});
    EXPECT_THAT(read(), HasSubstr("log_without_thread  detail=cannot start a thread: "));
    log.write(Level::kInfo, "start", {});
    EXPECT_THAT(read(), HasSubstr("start\n"));
    log.write(Level::kError, "bad", {});
    log.write(Level::kError, "bad", {});
  }
  EXPECT_THAT(read(), HasSubstr("1 more like this: error bad\n")) << "at the end at the latest";
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    EXPECT_EQ(::sigismember(&after, signal), ::sigismember(&before, signal));
  }
}

TEST(Level, IsThatOfPythonsNumber) {
  EXPECT_EQ(level_of(0), Level::kDebug);
  EXPECT_EQ(level_of(10), Level::kDebug);
  EXPECT_EQ(level_of(20), Level::kInfo);
  EXPECT_EQ(level_of(30), Level::kWarn);
  EXPECT_EQ(level_of(31), Level::kError);
  EXPECT_EQ(level_of(50), Level::kError);
}

TEST_F(LogTest, ALogThatCannotBeWrittenLosesLinesAndNothingElse) {
  ::signal(SIGPIPE, SIG_IGN);
  ::close(pipe_[0]);
  {
    Log log(clock_, {.descriptor = pipe_[1]});
    log.write(Level::kInfo, "gone", {});
    log.flush();
    EXPECT_EQ(log.lines_dropped(), 1U);
  }
  EXPECT_EQ(::pipe2(pipe_.data(), O_CLOEXEC), 0);
}

TEST(Histogram, AValueCountsInTheFirstBucketThatHoldsIt) {
  Histogram histogram;
  histogram.record(50'000);
  histogram.record(50'001);
  histogram.record(UINT64_C(120'000'000'000));
  EXPECT_EQ(histogram.bucket(0), 1U);
  EXPECT_EQ(histogram.bucket(1), 1U);
  EXPECT_EQ(histogram.bucket(Histogram::kBounds.size()), 1U);
}

TEST(Exposition, WritesPrometheusText) {
  Histogram histogram;
  histogram.record(60'000, 2);
  HistogramSum sum;
  sum.add(histogram);
  sum.add(histogram);
  Exposition out;
  out.describe("x_total", "counter", "Things.");
  out.sample("x_total", label("route", "a\"b"), uint64_t{3});
  out.histogram("t_seconds", "", sum);
  EXPECT_THAT(out.text(), HasSubstr("# HELP x_total Things.\n# TYPE x_total counter\n"
                                    "x_total{route=\"a\\\"b\"} 3\n"));
  EXPECT_THAT(out.text(), HasSubstr("t_seconds_bucket{le=\"5e-05\"} 0\n"));
  EXPECT_THAT(out.text(), HasSubstr("t_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(out.text(), HasSubstr("t_seconds_sum 0.00024\nt_seconds_count 4\n"));
}

TEST(Log, ItsThreadBlocksTheSignalsThatEndAProcess) {
  const base::SystemClock clock;
  const Log log(clock, {});
  const std::string own = std::to_string(::gettid());
  size_t others = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == own) {
      continue;
    }
    std::ifstream status(task.path() / "status");
    std::string line;
    while (std::getline(status, line)) {
      if (line.starts_with("SigBlk:")) {
        const uint64_t blocked = std::stoull(line.substr(7), nullptr, 16);
        EXPECT_NE(blocked & (uint64_t{1} << (SIGTERM - 1)), 0U);
        ++others;
      }
    }
  }
  EXPECT_GE(others, 1U) << "a sanitizer may have one of its own";
}

}  // namespace
}  // namespace ringmaker::telemetry
