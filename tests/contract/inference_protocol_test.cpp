// The open inference protocols, over a socket, from a server of the built binary.
#include "tests/contract/iris_model.h"
#include "tests/support/program.h"
#include "wire/little_endian.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace ringmaker {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class InferenceProtocol : public testing::Test {
 protected:
  void start(const test::Program::Variables& more = {}) {
    server_ = std::make_unique<test::Program>(
        std::vector<std::string>{"serve", "--model-dir", IrisModel::directory().path("model"),
                                 "--port", std::to_string(port_)},
        more);
    ASSERT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }

  int port_ = test::free_port();
  std::unique_ptr<test::Program> server_;
};

TEST_F(InferenceProtocol, V2TellsOfTheModelAndScoresItsTensors) {
  start();
  EXPECT_EQ(test::get(port_, "/v2/health/ready").body, R"({"ready":true})");
  const std::string metadata = test::get(port_, "/v2/models/iris").body;
  EXPECT_THAT(metadata, HasSubstr(R"("inputs":[{"name":")"));
  EXPECT_THAT(metadata, HasSubstr(R"("outputs":[{"name":"probabilit)"));
  const auto answer =
      test::post(port_, "/v2/models/iris/infer", "",
                 R"({"id":"42","inputs":[{"name":"x","shape":[1,4],"datatype":"FP64",)"
                 R"("data":[5.1,3.5,1.4,0.2]}]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              StartsWith(R"({"model_name":"iris","model_version":"1","id":"42","outputs":[)"));
  const auto bad = test::post(port_, "/v2/models/iris/infer", "",
                              R"({"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32",)"
                              R"("data":[5.1,3.5,1.4]}]})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.body, R"({"error":"tensor \"x\": its shape is [1, 3], expected is [rows, 4] or a )"
                      R"(feature's [rows]."})");
}

/// As tritonclient.http asks where it is not told otherwise.
TEST_F(InferenceProtocol, AllOutputsComeAsBytesThoughTheirLabelsAreTexts) {
  start();
  std::string body =
      R"({"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32",)"
      R"("parameters":{"binary_data_size":16}}],"parameters":{"binary_data_output":true}})";
  const std::string fields = fmt::format("Inference-Header-Content-Length: {}\r\n", body.size());
  for (const float value : {5.1F, 3.5F, 1.4F, 0.2F}) {
    body.resize(body.size() + sizeof value);
    wire::store_little_endian(body.data() + body.size() - sizeof value, value);
  }
  const auto answer = test::post(port_, "/v2/models/iris/infer", fields, body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const size_t json_bytes = answer.body.rfind("}]}") + 3;
  EXPECT_THAT(answer.head,
              HasSubstr(fmt::format("Inference-Header-Content-Length: {}\r\n", json_bytes)));
  EXPECT_THAT(answer.body,
              HasSubstr(R"("datatype":"BYTES","parameters":{"binary_data_size":10}})"));
  EXPECT_EQ(answer.body.size(), json_bytes + 3 * sizeof(float) + 10);
  EXPECT_THAT(answer.body, testing::EndsWith(std::string("\6\0\0\0setosa", 10)));
}

TEST_F(InferenceProtocol, TheScoresAreThoseOfInvocations) {
  start();
  const std::string csv =
      test::post(port_, "/invocations", "Content-Type: text/csv\r\nAccept: application/json\r\n",
                 "5.1,3.5,1.4,0.2")
          .body;
  const size_t score = csv.find("\"score\":") + 8;
  const std::string value = csv.substr(score, csv.find(",\"predicted_label\"") - score);
  EXPECT_EQ(
      test::post(port_, "/v1/models/any:predict", "", R"({"instances":[[5.1,3.5,1.4,0.2]]})").body,
      R"({"predictions":[)" + value + "]}");
}

TEST_F(InferenceProtocol, ALargeChunkedBodyIsScored) {
  start();
  constexpr size_t kRows = 100'000;
  std::string data = "[5.1,3.5,1.4,0.2]";
  for (size_t i = 1; i < kRows; ++i) {
    data += ",[5.1,3.5,1.4,0.2]";
  }
  const std::string body = fmt::format(
      R"({{"inputs":[{{"name":"x","shape":[{},4],"datatype":"FP32","data":[{}]}}]}})", kRows, data);
  std::string chunked;
  for (size_t at = 0; at < body.size(); at += 60'000) {
    const std::string_view part = std::string_view(body).substr(at, 60'000);
    chunked += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
  }
  const auto answer =
      test::ask(port_,
                "POST /v2/models/iris/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                "Connection: close\r\n\r\n" +
                    chunked + "0\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(fmt::format("\"shape\":[{}", kRows)));
}

TEST_F(InferenceProtocol, IsNotThereInsideThePlatformUnlessAskedFor) {
  start({{"RINGMAKER_PLATFORM", "sagemaker"}});
  EXPECT_EQ(test::get(port_, "/v2").status, 404);
  EXPECT_EQ(test::post(port_, "/v1/models/iris:predict", "", "{}").status, 404);
  server_.reset();
  port_ = test::free_port();
  start({{"RINGMAKER_PLATFORM", "local"}});
  EXPECT_EQ(test::get(port_, "/v2").status, 200);
}

TEST_F(InferenceProtocol, OpenapiDescribesWhatIsAnswered) {
  start();
  const auto answer = test::get(port_, "/openapi.json");
  ASSERT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("minItems":4,"maxItems":4)"));
  if (std::system("/usr/bin/python3 -c 'import jsonschema' >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "jsonschema (Debian package python3-jsonschema) is not installed: NOT CHECKED";
  }
  const test::TemporaryDirectory files;
  files.write("openapi.json", answer.body);
  files.write("rows.json", R"({"instances":[[5.1,3.5,null,0.2]]})");
  const std::string command =
      fmt::format("/usr/bin/python3 -B {}/tests/contract/check_openapi.py {} {} {} >{} 2>&1",
                  RINGMAKER_SOURCE_DIR, files.path("openapi.json"), files.path("rows.json"), port_,
                  files.path("said"));
  EXPECT_EQ(std::system(command.c_str()), 0) << files.read("said");
  EXPECT_THAT(files.read("said"), HasSubstr("/v2/models/{name}/infer\n"));
  EXPECT_THAT(files.read("said"), HasSubstr("\nexamples 12\n"));
}

/// An idle endpoint, or one that is only pinged, writes nothing.
TEST_F(InferenceProtocol, MetricsAreEmbeddedInStandardOutputWhereAskedFor) {
  start({{"RINGMAKER_EMF", "1"}, {"RINGMAKER_EMF_DIMENSIONS", "Endpoint=iris"}});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(test::get(port_, "/ping").status, 200);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_EQ(server_->output(), "");
  const auto answer =
      test::post(port_, "/invocations", "Content-Type: text/csv\r\n", "5.1,3.5,1.4,0.2");
  EXPECT_EQ(answer.status, 200);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(), 0);
  EXPECT_THAT(server_->output(), StartsWith(R"({"_aws":{"Timestamp":)"));
  EXPECT_THAT(server_->output(), HasSubstr(R"("Endpoint":"iris","Requests":1,"Rows":1,)"));
}

}  // namespace
}  // namespace ringmaker
