#include "serve/access_log.h"

#include "tests/support/manual_clock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() {
    EXPECT_EQ(::pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK), 0);
    ping_.path = "/%70ing";  // as it was sent
    invocation_.method = http::Method::kPost;
    invocation_.path = "/invocations";
  }
  void TearDown() override {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  std::string written(const AccessPolicy& policy, auto act) {
    telemetry::Log log(clock_, {.descriptor = pipe_[1], .format = telemetry::LogFormat::kHuman});
    AccessLog access(log, policy);
    act(access);
    log.flush();
    std::array<char, 65536> buffer{};
    const ssize_t got = ::read(pipe_[0], buffer.data(), buffer.size());
    return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(0, got))};
  }

  test::ManualClock clock_;
  std::array<int, 2> pipe_{};
  http::RequestHead ping_;
  http::RequestHead invocation_;
};

TEST_F(AccessLogTest, ByDefaultErrorsAreWrittenAndNothingElse) {
  const std::string text = written({}, [&](AccessLog& log) {
    log.answered(invocation_, Route::kInvocations, 200, 1);
    log.refused(invocation_, 400, "bad row");
    log.answered(invocation_, Route::kInvocations, 400, 1);
  });
  EXPECT_THAT(text, HasSubstr("warn  request_refused  method=POST  route=/invocations  status=400"
                              "  detail=bad row\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST_F(AccessLogTest, WhatHttpTurnsDownNamesItsRequestAsFarAsItIsKnown) {
  const std::array<http::Header, 1> fields{{{"X-Amzn-SageMaker-Inference-Id", "order-4711"}}};
  http::RequestHead identified = invocation_;
  identified.headers = fields;
  const std::string text = written({}, [&](AccessLog& log) {
    log.refused_by_http({413, "too large"}, &identified);
    log.refused_by_http({400, "no head"}, nullptr);
    log.cut(identified, 5);
  });
  EXPECT_THAT(text, HasSubstr("warn  http_refused  route=/invocations  status=413"
                              "  detail=too large  request_id=order-4711\n"));
  EXPECT_THAT(text, HasSubstr("warn  http_refused  status=400  detail=no head\n"));
  EXPECT_THAT(text, HasSubstr("warn  client_gone  route=/invocations  body_bytes=5"
                              "  request_id=order-4711\n"));
}

TEST_F(AccessLogTest, OffWritesNothing) {
  EXPECT_EQ(written({.errors = false},
                    [&](AccessLog& log) {
                      log.refused(invocation_, 400, "bad row");
                      log.refused_by_http({413, "too large"}, &invocation_);
                      log.cut(invocation_, 5);
                      log.answered(invocation_, Route::kInvocations, 200, 1);
                    }),
            "");
}

TEST_F(AccessLogTest, AllWritesEachButPingsThatWentWell) {
  const std::string text = written({.one_in = 1}, [&](AccessLog& log) {
    log.answered(invocation_, Route::kInvocations, 200, 1'234'567);
    log.answered(ping_, Route::kPing, 200, 1);
  });
  EXPECT_THAT(text, HasSubstr("info  request  method=POST  route=/invocations  status=200  "
                              "us=1234\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST_F(AccessLogTest, OneInNWritesEachNth) {
  const std::string text = written({.one_in = 10}, [&](AccessLog& log) {
    for (int i = 0; i < 100; ++i) {
      log.answered(invocation_, Route::kInvocations, 200, 1);
    }
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
}

}  // namespace
}  // namespace ringmaker::serve
