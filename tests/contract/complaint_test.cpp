// What people complain of elsewhere, and that it cannot happen here: the built binary, as SageMaker
// runs it. Each test is named after the complaint.
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>

namespace ringmaker {
namespace {

using testing::HasSubstr;

constexpr const char* kCsv = "Content-Type: text/csv\r\n";
const std::string kRow = "5.1,3.5,1.4,0.2\n";

std::string chunk(const std::string& data) {
  return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

/// A server of one model.
class Endpoint {
 public:
  explicit Endpoint(test::Program::Variables variables = {}) {
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_LOG_FORMAT"] = "json";
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    EXPECT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }

  test::HttpAnswer invoke(const std::string& fields, const std::string& body) const {
    return test::post(port_, "/invocations", fields, body);
  }
  /// In two chunks.
  test::HttpAnswer invoke_in_chunks(const std::string& fields, const std::string& body) const {
    const size_t half = body.size() / 2;
    return test::ask(port_, "POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                                fields + "Transfer-Encoding: chunked\r\n\r\n" +
                                chunk(body.substr(0, half)) + chunk(body.substr(half)) + chunk(""));
  }
  /// Its whole log, once it has ended.
  std::string log() {
    server_->signal(SIGTERM);
    EXPECT_EQ(server_->wait(30), 0);
    return server_->errors();
  }

  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  int port_ = test::free_port();
  std::unique_ptr<test::Program> server_;
};

TEST(Complaint, ALogLinePerPing) {
  Endpoint endpoint;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(test::get(endpoint.port(), "/ping").status, 200);
  }
  const std::string text = endpoint.log();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << "start and stop: " << text;
}

TEST(Complaint, ErrorsWithoutTheirInferenceId) {
  Endpoint endpoint;
  const std::string id = "X-Amzn-SageMaker-Inference-Id: order-4711\r\n";
  EXPECT_EQ(endpoint.invoke(kCsv + id, "1,2\n").status, 400);
  EXPECT_EQ(endpoint.invoke("Content-Type: image/png\r\n" + id, "x").status, 415);
  const std::string text = endpoint.log();
  size_t lines = 0;
  for (size_t at = text.find("\"request_id\":\"order-4711\"}\n"); at != std::string::npos;
       at = text.find("\"request_id\":\"order-4711\"}\n", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 2U) << "one line an error: " << text;
}

/// What is turned down before anybody has looked at the payload is an error as any other.
TEST(Complaint, ErrorsOfTransportWithoutTheirInferenceId) {
  Endpoint endpoint({{"RINGMAKER_SHARDS", "1"},
                     {"RINGMAKER_BODY_BYTES_MAX", "100000"},
                     {"RINGMAKER_HELD_BYTES_MAX", "100000"},
                     {"RINGMAKER_STALL_S_MAX", "1"}});
  const auto head = [](const std::string& id, const std::string& framing) {
    return "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
           "Accept: application/json\r\nX-Amzn-SageMaker-Inference-Id: " +
           id + "\r\nX-Amzn-SageMaker-Custom-Attributes: tag=" + id + "\r\n" + framing + "\r\n";
  };
  const std::string most(60'000, '1');
  test::LoopbackPeer holder(endpoint.port());
  ASSERT_TRUE(holder.send(head("id-holder", "Content-Length: 65000\r\n") + most));
  const struct {
    int status;
    std::string id;
    std::string framing;
    std::string body;
  } cases[] = {
      {503, "id-503", "Content-Length: 65000\r\n", most},
      {413, "id-413", "Content-Length: 100001\r\n", ""},
      {413, "id-413-chunks", "Transfer-Encoding: chunked\r\n", "186a1\r\n"},
      {400, "id-400", "Transfer-Encoding: chunked\r\n", "zz\r\n"},
      {408, "id-408", "Content-Length: 100\r\n", "5.1"},
  };
  for (const auto& [status, id, framing, body] : cases) {
    const test::HttpAnswer answer = test::ask(endpoint.port(), head(id, framing) + body);
    EXPECT_EQ(answer.status, status) << id;
    EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/json\r\n")) << id;
    EXPECT_THAT(answer.head, HasSubstr("X-Amzn-SageMaker-Custom-Attributes: tag=" + id + "\r\n"));
    EXPECT_THAT(answer.body, testing::StartsWith("{\"error\":\"")) << id;
  }
  const std::string text = endpoint.log();
  for (const auto& [status, id, framing, body] : cases) {
    EXPECT_THAT(text, HasSubstr("\"" + id + "\"")) << "if need be in the line of those like it";
    EXPECT_THAT(text, testing::ContainsRegex(
                          "\"event\":\"http_refused\",\"route\":\"/invocations\",\"status\":" +
                          std::to_string(status) + ",\"detail\":\"[^\n]*\"request_id\":\"id-"));
  }
}

TEST(Complaint, ABodyThatWasCutLeavesNoTrace) {
  Endpoint endpoint(test::Program::Variables{{"RINGMAKER_SHARDS", "1"}});
  const auto begin = [&](const test::LoopbackPeer& peer, const std::string& id) {
    EXPECT_TRUE(
        peer.send("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                  "X-Amzn-SageMaker-Inference-Id: " +
                  id + "\r\nContent-Length: 1000\r\n\r\n5.1,3"));
  };
  test::LoopbackPeer reads(endpoint.port());
  begin(reads, "id-reads");
  reads.half_close();
  const std::string answer = reads.receive_until("says 1000\n");
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nthe body ends after 5 bytes; Content-Length says 1000\n"));
  EXPECT_TRUE(reads.ends());
  test::LoopbackPeer gone(endpoint.port());
  begin(gone, "id-gone");
  EXPECT_EQ(test::get(endpoint.port(), "/ping").status, 200) << "and has read what came before";
  gone.reset();
  const std::string text = endpoint.log();
  EXPECT_THAT(text,
              HasSubstr("\"event\":\"http_refused\",\"route\":\"/invocations\",\"status\":400,"
                        "\"detail\":\"the body ends after 5 bytes; Content-Length says 1000\","
                        "\"request_id\":\"id-reads\"}\n"));
  EXPECT_THAT(text, HasSubstr("\"event\":\"client_gone\",\"route\":\"/invocations\","
                              "\"body_bytes\":5,\"request_id\":\"id-gone\"}\n"));
}

TEST(Complaint, ACharsetIsRefused) {
  Endpoint endpoint;
  const std::string expected = endpoint.invoke(kCsv, kRow).body;
  EXPECT_THAT(expected, HasSubstr(","));
  EXPECT_EQ(endpoint.invoke("Content-Type: text/csv; charset=utf-8\r\n", kRow).body, expected);
  EXPECT_EQ(
      endpoint.invoke("Content-Type: text/CSV;charset=\"UTF-8\" ; header=absent\r\n", kRow).body,
      expected);
}

TEST(Complaint, AListInAcceptIsRefused) {
  Endpoint endpoint;
  const std::string expected = endpoint.invoke(kCsv, kRow).body;
  for (const char* accept :
       {"text/csv, application/json", "application/xml, text/csv;q=0.9, */*;q=0.1",
        "image/png, text/csv; charset=utf-8"}) {
    const auto answer = endpoint.invoke(std::string(kCsv) + "Accept: " + accept + "\r\n", kRow);
    EXPECT_EQ(answer.status, 200) << accept;
    EXPECT_EQ(answer.body, expected) << accept;
  }
}

TEST(Complaint, TheHeaderRowIsScored) {
  Endpoint endpoint;
  const auto answer =
      endpoint.invoke(kCsv, "sepal_length,sepal_width,petal_length,petal_width\n" + kRow + kRow);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(std::count(answer.body.begin(), answer.body.end(), '\n'), 2) << answer.body;
}

TEST(Complaint, OneFeatureTooFewIsScoredSilently) {
  Endpoint endpoint;
  for (const auto& [type, body] : std::initializer_list<std::pair<const char*, const char*>>{
           {"text/csv", "5.1,3.5,1.4\n"},
           {"application/json", R"({"instances":[{"features":[5.1,3.5,1.4]}]})"},
           {"application/jsonlines", "[5.1,3.5,1.4]\n"}}) {
    const auto answer = endpoint.invoke(std::string("Content-Type: ") + type + "\r\n", body);
    EXPECT_EQ(answer.status, 400) << type;
    EXPECT_THAT(answer.body, HasSubstr("row 1 has 3 values, the model expects 4")) << type;
  }
}

TEST(Complaint, LibsvmIsShiftedByOne) {
  Endpoint endpoint;
  const std::string accept = "Accept: text/csv\r\n";
  const std::string expected = endpoint.invoke(kCsv, kRow).body;
  EXPECT_EQ(
      endpoint.invoke("Content-Type: text/libsvm\r\n" + accept, "0:5.1 1:3.5 2:1.4 3:0.2\n").body,
      expected);
  EXPECT_EQ(endpoint
                .invoke("Content-Type: text/libsvm; index_base=1\r\n" + accept,
                        "1:5.1 2:3.5 3:1.4 4:0.2\n")
                .body,
            expected);
  const auto shifted =
      endpoint.invoke("Content-Type: text/libsvm\r\n" + accept, "1:5.1 2:3.5 3:1.4 4:0.2\n");
  EXPECT_EQ(shifted.status, 400) << "an index past the width";
  EXPECT_THAT(shifted.body, HasSubstr("index_base=1"));
}

TEST(Complaint, A413AtFiveMegabytes) {
  Endpoint endpoint;
  std::string body;
  while (body.size() < 6'000'000) {
    body += kRow;
  }
  const auto answer = endpoint.invoke(kCsv, body);
  EXPECT_EQ(answer.status, 200);
}

test::HttpAnswer asked(test::Program::Variables variables, const std::string& path,
                       const std::string& fields = {}, const std::string& body = {}) {
  const int port = test::free_port();
  variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
  variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port);
  test::Program server({"serve"}, variables);
  if (!test::wait_until_healthy(port, server)) {
    ADD_FAILURE() << server.errors();
    return {};
  }
  return body.empty() ? test::get(port, path) : test::post(port, path, fields, body);
}

TEST(Complaint, OneBadRecordSinksAFile) {
  std::string file;
  for (int i = 0; i < 100'000; ++i) {
    file += i % 10'000 == 5'000 ? "5.1,oops,1.4,0.2\n" : kRow;
  }
  Endpoint strict;
  EXPECT_EQ(strict.invoke(kCsv, file).status, 400) << "unless one has asked for it";
  Endpoint endpoint({{"SAGEMAKER_BATCH", "true"}, {"RINGMAKER_ON_BAD_RECORD", "mark"}});
  const test::HttpAnswer answer =
      endpoint.invoke(std::string(kCsv) + "Accept: application/jsonlines\r\n", file);
  EXPECT_EQ(answer.status, 200);
  const test::HttpAnswer metrics = test::get(endpoint.port(), "/metrics");
  EXPECT_THAT(metrics.body, HasSubstr("\nringmaker_bad_records_total 10\n"));
  const test::HttpAnswer few = endpoint.invoke(kCsv, kRow + "5.1,oops,1.4,0.2\n" + kRow);
  EXPECT_EQ(std::count(few.body.begin(), few.body.end(), '\n'), 3);
  EXPECT_THAT(few.body, HasSubstr("\n\"error: row 2, column 2"));
  EXPECT_THAT(few.body, HasSubstr("\"\"oops\"\""));
  const std::string header = "petal_width,sepal_width,petal_length,sepal_length";
  const std::string bad_records[] = {header,
                                     "5.1,oops,1.4,0.2",
                                     "?,?,?,?",
                                     "x",
                                     "5.1,3.5,1.4,\"0.2",
                                     "\"5.1,3.5,1.4,0.2",
                                     "1,2\r3,4,5",
                                     "1;2;3",
                                     "",
                                     std::string(2 << 20, '7')};
  for (const std::string& bad : bad_records) {
    for (size_t place = 0; place < 3; ++place) {
      std::string lines;
      for (size_t line = 0; line < 3; ++line) {
        lines += line == place ? bad + '\n' : kRow;
      }
      const test::HttpAnswer answered = endpoint.invoke(kCsv, lines);
      EXPECT_EQ(answered.status, 200) << bad.substr(0, 40) << " as line " << place;
      EXPECT_EQ(std::count(answered.body.begin(), answered.body.end(), '\n'), 3)
          << bad.substr(0, 40) << " as line " << place;
      const test::HttpAnswer in_chunks = endpoint.invoke_in_chunks(kCsv, lines);
      EXPECT_EQ(in_chunks.status, 200) << bad.substr(0, 40) << " as line " << place;
      EXPECT_EQ(in_chunks.body, answered.body) << bad.substr(0, 40) << " as line " << place;
    }
  }
  const test::HttpAnswer headed = endpoint.invoke(kCsv, header + "\n0.2,3.5,1.4,5.1\n");
  EXPECT_EQ(headed.body,
            "\"error: row 1: the line is a header and no row; the columns below it are "
            "matched by name.\"\n" +
                endpoint.invoke(kCsv, kRow).body);
  const std::string text = endpoint.log();
  EXPECT_THAT(text, HasSubstr("\"event\":\"bad_record\",\"route\":\"/invocations\",\"row\":5001"));
}

/// The SDK's local mode sets SAGEMAKER_BATCH=True and raises ValueError at MULTI_RECORD.
TEST(Complaint, MultiRecordDoesNotBreakLocalMode) {
  const auto strategy = [](const char* batch) {
    return asked({{"SAGEMAKER_BATCH", batch}}, "/execution-parameters").body;
  };
  EXPECT_THAT(strategy("True"), HasSubstr(R"("BatchStrategy":"MultiRecord")"));
  EXPECT_THAT(strategy("true"), HasSubstr(R"("BatchStrategy":"MULTI_RECORD")"));
}

/// A classifier's answer need not be a label, nor a label a guess from a score.
TEST(Complaint, ProbabilitiesAreThereForTheAsking) {
  const auto answer =
      asked({}, "/invocations",
            "Content-Type: text/csv\r\nAccept: application/jsonlines\r\n"
            "X-Amzn-SageMaker-Custom-Attributes: outputs=predicted_label,probability,labels\r\n",
            "5.1,3.5,1.4,0.2\n");
  EXPECT_THAT(answer.body,
              testing::MatchesRegex(R"(\{"predicted_label":"setosa","probability":0\.98[0-9]*,)"
                                    R"("labels":\["setosa","versicolor","virginica"\]\})"
                                    "\n"));
}

}  // namespace
}  // namespace ringmaker
