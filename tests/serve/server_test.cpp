// What keeps a server from beginning. Its life is told in tests/contract/serve_test.cpp.
#include "serve/server.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

TEST(RunServer, WithoutAModelItDoesNotBegin) {
  const test::TemporaryDirectory files;
  const base::SystemClock clock;
  telemetry::Log log(clock, {});
  config::ServeOptions options;
  options.model_dir = files.path();
  options.io = "epoll";
  const auto ended = run_server(options, log);
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().message(), testing::HasSubstr("it is empty"));
}

}  // namespace
}  // namespace ringmaker::serve
