// What `ringmaker serve` says of itself. Its answers are told in tests/contract/serve_test.cpp.
#include "cli/serve_command.h"

#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServeCommand : public testing::Test {
 protected:
  void SetUp() override {
    model::Model model;
    model.schema.feature_names = {"a", "b"};
    model.parameters = model::LinearParameters{.weights = {2, 10}, .bias = {1}, .fill = {5, 7}};
    ASSERT_TRUE(base::write_file_atomically(files_.path("model/model.ringmaker"),
                                            model::encode_artifact(model)));
  }

  /// What is logged while `requests` are sent.
  std::string log(test::Program::Variables variables, auto requests,
                  const std::vector<std::string>& more = {}) {
    const int port = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = files_.path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port);
    std::vector<std::string> arguments{"serve"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    test::Program server(arguments, variables);
    EXPECT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
    requests(port);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(30), 0);
    return server.errors();
  }
  static void nothing(int /*port*/) {}
  static int invoke(int port, const std::string& body) {
    return test::post(port, "/invocations", "Content-Type: text/csv\r\n", body).status;
  }

  test::TemporaryDirectory files_;
};

size_t lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_F(ServeCommand, AHealthyServerWritesTwoLines) {
  const std::string text = log({{"RINGMAKER_SHARDS", "1"}}, [](int port) {
    EXPECT_EQ(test::get(port, "/ping").status, 200);
    EXPECT_EQ(invoke(port, "1,2"), 200);
  });
  EXPECT_EQ(lines(text), 2U) << text;
  EXPECT_THAT(text, HasSubstr("\"event\":\"start\",\"version\":"));
  EXPECT_THAT(text, HasSubstr("\"platform\":\"sagemaker\""));
  EXPECT_THAT(text, HasSubstr("shards=1")) << "what differs from the defaults";
  EXPECT_THAT(text, HasSubstr("\"event\":\"stop\""));
  EXPECT_THAT(text, HasSubstr("\"rows\":1"));
}

TEST_F(ServeCommand, TheAccessLogIsAsAskedFor) {
  const auto requests = [](int port) {
    EXPECT_EQ(test::get(port, "/ping").status, 200);
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(invoke(port, "1,2"), 200);
    }
    EXPECT_EQ(invoke(port, "1"), 400);
    EXPECT_EQ(test::get(port, "/none").status, 404);
  };
  const auto with = [&](const char* which) {
    return log({{"RINGMAKER_ACCESS_LOG", which}, {"RINGMAKER_SHARDS", "1"}}, requests);
  };
  const std::string all = with("all");
  EXPECT_EQ(lines(all), 2U + 4 + 2) << all;
  EXPECT_THAT(all, Not(HasSubstr("\"route\":\"/ping\"")));
  EXPECT_EQ(lines(with("1/2")), 2U + 2 + 2);
  const std::string errors = with("errors");
  EXPECT_EQ(lines(errors), 2U + 2) << errors;
  EXPECT_THAT(errors, HasSubstr("\"event\":\"decode_error\",\"route\":\"/invocations\""));
  EXPECT_THAT(errors, HasSubstr("\"route\":\"/none\",\"status\":404"));
  EXPECT_EQ(lines(with("off")), 2U);
}

TEST_F(ServeCommand, WhatTheProtocolRefusesIsWrittenToo) {
  const std::string text =
      log({}, [](int port) { EXPECT_EQ(test::ask(port, "GARBAGE\r\n\r\n").status, 400); });
  EXPECT_THAT(text, HasSubstr("\"event\":\"http_refused\",\"status\":400"));
}

TEST_F(ServeCommand, LevelsOfPythonAreUnderstood) {
  EXPECT_EQ(log({{"SAGEMAKER_CONTAINER_LOG_LEVEL", "WARNING"}}, nothing), "");
  EXPECT_THAT(log({{"SAGEMAKER_CONTAINER_LOG_LEVEL", "10"}, {"SAGEMAKER_NEWS", "1"}}, nothing),
              HasSubstr("\"level\":\"debug\",\"event\":\"variable_unknown\""));
}

TEST_F(ServeCommand, StrayArgumentsInsideSagemakerAreOneWarning) {
  const std::string text = log({}, nothing, {"--some", "thing"});
  EXPECT_THAT(text, HasSubstr("\"level\":\"warn\",\"event\":\"arguments_ignored\""));
  EXPECT_EQ(lines(text), 3U) << text;
}

TEST_F(ServeCommand, PeopleMayReadWords) {
  const std::string text = log({{"RINGMAKER_LOG_FORMAT", "human"}}, nothing);
  EXPECT_THAT(text, HasSubstr(" info  start  version="));
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "a file is no terminal";
}

}  // namespace
}  // namespace ringmaker::cli
