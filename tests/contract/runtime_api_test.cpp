// The clients of SageMaker's API, unchanged, against a server on this machine.
#include "tests/contract/iris_model.h"
#include "tests/support/loopback.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace ringmaker {
namespace {

using testing::HasSubstr;

class RuntimeApi : public testing::Test {
 protected:
  void start(const test::Program::Variables& more = {}) {
    test::Program::Variables variables = more;
    variables["RINGMAKER_LOG_FORMAT"] = "json";
    server_ = std::make_unique<test::Program>(
        std::vector<std::string>{"serve", "--model-dir", IrisModel::directory().path("model"),
                                 "--port", std::to_string(port_)},
        variables);
    ASSERT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }
  /// What a shell command has written; its files lie in `files_`.
  std::string run(const std::string& command) {
    const int status =
        std::system((command + " >" + files_.path("out") + " 2>" + files_.path("err")).c_str());
    EXPECT_EQ(status, 0) << files_.read("err");
    return files_.read("out");
  }
  static bool works(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  }
  /// What stream_endpoint.py has to say, whoever reads the stream for it.
  void expect_streamed(const std::string& said) {
    EXPECT_THAT(said, HasSubstr("\ntype application/jsonlines\nvariant AllTraffic\n"
                                "attributes trace=4711\nbody {\"score\":"));
    EXPECT_THAT(said, HasSubstr("\nlines 200000 in more parts than one: True\n"));
    EXPECT_THAT(said, HasSubstr("\nstatus 400\nmessage row 1, column 2"));
    EXPECT_THAT(said, HasSubstr("\nscores before the error: True\n"
                                "error ModelStreamError\ncode StreamBroken\n"));
    EXPECT_THAT(said, HasSubstr("\nreason row 150001, column 2"));
  }

  int port_ = test::free_port();
  std::unique_ptr<test::Program> server_;
  test::TemporaryDirectory files_;
};

TEST_F(RuntimeApi, Boto3InvokesAnEndpointAsInTheCloud) {
  if (!works("/usr/bin/python3 -c 'import boto3'")) {
    GTEST_SKIP() << "boto3 (Debian package python3-boto3) is not installed: NOT CHECKED";
  }
  start();
  const std::string said = run(fmt::format(
      "/usr/bin/python3 -B {}/tests/contract/invoke_endpoint.py {}", RINGMAKER_SOURCE_DIR, port_));
  EXPECT_THAT(said, HasSubstr("type application/json\nvariant AllTraffic\nattributes trace=4711\n"
                              "body {\"predictions\":[{"));
  EXPECT_THAT(said, HasSubstr("\nlines 200000\n"));
  EXPECT_THAT(said, HasSubstr("\nstatus 400\nmessage row 1, column 2"));
  EXPECT_THAT(said, HasSubstr("\nasync NotImplemented\n"));
}

TEST_F(RuntimeApi, StreamsOfScoresAreReadAsInTheCloud) {
  if (!works("/usr/bin/python3 -c 'import botocore.eventstream'")) {
    GTEST_SKIP() << "botocore (Debian package python3-botocore) is not installed: NOT CHECKED";
  }
  std::vector<std::string> pythons{"/usr/bin/python3", "python3"};
  std::erase_if(pythons,
                [](const std::string& python) { return !works(python + " -c 'import boto3'"); });
  if (pythons.empty()) {
    GTEST_SKIP() << "boto3 (Debian package python3-boto3) is not installed: NOT CHECKED";
  }
  start();
  for (const std::string& python : pythons) {
    SCOPED_TRACE(python);
    expect_streamed(run(fmt::format("{} -B {}/tests/contract/stream_endpoint.py {}", python,
                                    RINGMAKER_SOURCE_DIR, port_)));
  }
}

TEST_F(RuntimeApi, TheCommandLineInvokesAnEndpointAsInTheCloud) {
  if (!works("/usr/bin/aws --version")) {
    GTEST_SKIP() << "the AWS CLI (Debian package awscli) is not installed: NOT CHECKED";
  }
  start();
  files_.write("in.csv", "5.1,3.5,1.4,0.2\n");
  const std::string said = run(fmt::format(
      "env AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=eu-central-1 HOME={0} "
      "/usr/bin/aws sagemaker-runtime invoke-endpoint --endpoint-url http://127.0.0.1:{1} "
      "--endpoint-name iris --content-type text/csv --body fileb://{0}/in.csv {0}/scores.csv",
      files_.path(), port_));
  EXPECT_THAT(said, HasSubstr("\"InvokedProductionVariant\": \"AllTraffic\""));
  EXPECT_THAT(files_.read("scores.csv"), testing::StartsWith("0.98"));
}

TEST_F(RuntimeApi, ThatNoSignatureIsCheckedIsSaidOnce) {
  start({{"RINGMAKER_SHARDS", "2"}});
  const std::string request =
      "POST /endpoints/iris/invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
      "Authorization: AWS4-HMAC-SHA256 Credential=x\r\nContent-Length: 15\r\n\r\n5.1,3.5,1.4,0.2";
  std::vector<io::Descriptor> kept;
  for (int i = 0; i < 8; ++i) {  // on both shards
    kept.push_back(test::connect_loopback(static_cast<uint16_t>(port_)));
    ASSERT_EQ(::send(kept.back().get(), request.data(), request.size(), 0),
              static_cast<ssize_t>(request.size()));
    char answer[4096];
    ASSERT_GT(::recv(kept.back().get(), answer, sizeof answer, 0), 0);
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(), 0);
  const std::string log = server_->errors();
  const std::string said = "whatever their signature";
  EXPECT_THAT(log, HasSubstr(said));
  EXPECT_EQ(log.find(said), log.rfind(said));
}

TEST_F(RuntimeApi, IsNotThereInsideThePlatformUnlessAskedFor) {
  constexpr const char* kInvoke = "/endpoints/iris/invocations";
  const auto invoke = [this] {
    return test::post(port_, kInvoke, "Content-Type: text/csv\r\n", "5.1,3.5,1.4,0.2").status;
  };
  start({{"RINGMAKER_PLATFORM", "sagemaker"}});
  EXPECT_EQ(invoke(), 404);
  server_.reset();
  port_ = test::free_port();
  start({{"RINGMAKER_PLATFORM", "local"}});
  EXPECT_EQ(invoke(), 200);
}

}  // namespace
}  // namespace ringmaker
