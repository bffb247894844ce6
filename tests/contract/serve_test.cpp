// `ringmaker serve` as SageMaker runs it: the built binary, a model directory and a port.
#include "tests/codec/recordio/recordio_payload.h"
#include "tests/contract/iris_model.h"
#include "tests/support/coded.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace ringmaker {
namespace {

using test::ask;
using test::get;
using test::post;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr const char* kCsv = "Content-Type: text/csv\r\n";
constexpr const char* kJson = "Content-Type: application/json\r\n";

/// Rows as wide in text as real ones, so that a body has a likely number of them.
std::string large_csv(size_t bytes) {
  const std::string row = "5.10000000000000,3.50000000000000,1.40000000000000,0.20000000000000\n";
  std::string body;
  body.reserve(bytes);
  while (body.size() + row.size() <= bytes) {
    body += row;
  }
  return body;
}

class ServeContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { start({}); }

  void start(test::Program::Variables variables) {
    server_.reset();
    port_ = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_IO"] = GetParam();
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    if (!test::wait_until_healthy(port_, *server_)) {
      if (server_->errors().find("cannot be had") != std::string::npos) {
        GTEST_SKIP() << "io_uring is refused here: " << server_->errors();
      }
      FAIL() << server_->errors();
    }
  }

  test::HttpAnswer invoke(const std::string& fields, const std::string& body) const {
    return post(port_, "/invocations", fields, body);
  }

  std::unique_ptr<test::Program> server_;
  int port_ = 0;
};

TEST_P(ServeContract, PingAnswersGetHeadAndPost) {
  EXPECT_EQ(get(port_, "/ping").status, 200);
  EXPECT_EQ(get(port_, "/ping?verbose=1").status, 200);
  EXPECT_EQ(post(port_, "/ping", "", "x").status, 200);
  const auto head = ask(port_, "HEAD /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  const auto put = ask(port_, "PUT /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(put.status, 405);
  EXPECT_THAT(put.head, HasSubstr("Allow: GET, HEAD, POST, OPTIONS\r\n"));
}

TEST_P(ServeContract, CsvRowsAreAnsweredLineByLine) {
  const auto answer = invoke(kCsv, "5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: text/csv"));
  EXPECT_THAT(answer.body, MatchesRegex("0\\.98[^\n]*\n[^\n]*,0\\.99[0-9]*\n"));
}

TEST_P(ServeContract, PayloadsThatMeanTheSameScoreTheSame) {
  const std::string expected = invoke(kCsv, "5.1,3.5,1.4,0.2\n").body;
  for (const char* same : {
           "5.1,3.5,1.4,0.2",
           "5.1,3.5,1.4,0.2\r\n",
           "\357\273\2775.1,3.5,1.4,0.2\n",  // a byte order mark
           "5.1;3.5;1.4;0.2\n",
           "5.1\t3.5\t1.4\t0.2\n",
           "\"5.1\",\"3.5\",1.4,0.2\n",
           " 5.1 , 3.5,1.40,2e-1\n",
           "5.1,3.5,1.4,0.20000000000000001110223024625156540423631668090820\n",
           "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n",
           "petal_width,petal_length,sepal_width,sepal_length\n0.2,1.4,3.5,5.1\n",
       }) {
    EXPECT_EQ(invoke("Content-Type: text/csv; charset=utf-8\r\n", same).body, expected) << same;
  }
  for (const char* same : {
           R"({"instances":[{"features":[5.1,3.5,1.4,0.2]}]})",
           R"({"instances":[[5.1,3.5,1.4,0.2]]})",
           R"([[5.1,3.5,1.4,0.2]])",
           R"([5.1,3.5,1.4,0.2])",
           R"([5.0999999999999996447286321199499070644,3.5,1.40,0.20000000000000001110])",
           R"({"inputs":[[5.1,3.5,1.4,0.2]]})",
           R"({"instances":[{"data":{"features":{"values":[5.1,3.5,1.4,0.2]}}}]})",
       }) {
    const auto answer =
        invoke("Content-Type: application/JSON; charset=UTF-8\r\nAccept: text/csv\r\n", same);
    EXPECT_EQ(answer.body, expected) << same;
  }
}

TEST_P(ServeContract, WithoutAContentTypeABodyIsCsv) {
  const std::string row = "5.1,3.5,1.4,0.2\n";
  for (const char* fields : {"", "Content-Type:\r\n"}) {
    const auto answer = invoke(fields, row);
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.head, HasSubstr("Content-Type: text/csv"));
    EXPECT_EQ(answer.body, invoke(kCsv, row).body);
  }
}

TEST_P(ServeContract, FieldsOfThePlatformAndOfProxiesChangeNoAnswer) {
  const std::string row = "5.1,3.5,1.4,0.2\n";
  std::string fields = kCsv;
  for (const char* field :
       {"X-Amzn-SageMaker-Target-Variant: blue", "X-Amzn-SageMaker-Target-Model: other.tar.gz",
        "X-Amzn-SageMaker-Target-Container-Hostname: second",
        "X-Amzn-SageMaker-Inference-Component: part",
        "X-Amzn-SageMaker-Enable-Explanations: `true`", "X-Amzn-Trace-Id: Root=1-2-3",
        "X-Forwarded-For: 10.0.0.1, 10.0.0.2", "X-Forwarded-Proto: https",
        "X-Forwarded-Host: elsewhere", "X-Forwarded-Port: 443", "Forwarded: for=10.0.0.1",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate: a=1"}) {
    fields += std::string(field) + "\r\n";
  }
  const auto without_date = [](std::string head) {
    const size_t date = head.find("Date: ");
    return head.erase(date, head.find("\r\n", date) - date);
  };
  const auto plain = invoke(kCsv, row);
  const auto dressed = invoke(fields, row);
  EXPECT_EQ(dressed.status, 200);
  EXPECT_EQ(dressed.body, plain.body);
  EXPECT_EQ(without_date(dressed.head), without_date(plain.head));
}

TEST_P(ServeContract, JsonIsAnsweredAsLinearLearnerDoes) {
  const auto answer = invoke(kJson, R"({"instances":[[5.1,3.5,1.4,0.2]]})");
  EXPECT_THAT(
      answer.body,
      MatchesRegex(
          R"(\{"predictions":\[\{"score":\[0\.98[^]]*\],"predicted_label":"setosa"\}\]\})"));
}

TEST_P(ServeContract, AcceptDecidesTheAnswersType) {
  const std::string row = "5.1,3.5,1.4,0.2";
  const auto type = [&](const std::string& accept) {
    return invoke(std::string(kCsv) + "Accept: " + accept + "\r\n", row).head;
  };
  EXPECT_THAT(type("*/*"), HasSubstr("Content-Type: text/csv"));
  EXPECT_THAT(type(""), HasSubstr("Content-Type: text/csv"));
  EXPECT_THAT(type("application/json"), HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(type("text/csv;q=0.5, application/json"), HasSubstr("application/json"));
  EXPECT_EQ(invoke(std::string(kCsv) + "Accept: image/png\r\n", row).status, 406);
  start({{"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "application/json"}});
  EXPECT_THAT(type("*/*"), HasSubstr("application/json"));
  EXPECT_THAT(invoke(kCsv, "5.1,3.5\n").body, StartsWith("{\"error\":")) << "errors, too";
}

TEST_P(ServeContract, OutputsAreSelectedByVariableAndByRequest) {
  const std::string row = "5.1,3.5,1.4,0.2";
  start({{"SAGEMAKER_INFERENCE_OUTPUT", "predicted_label, Probabilities"}});
  EXPECT_THAT(invoke(kCsv, row).body, MatchesRegex("setosa,\"\\[0\\.98[^\"]*\\]\"\n"));
  EXPECT_THAT(invoke(std::string(kCsv) + "Accept: application/json\r\n", row).body,
              MatchesRegex(R"(\{"predictions":\[\{"predicted_label":"setosa",)"
                           R"("probabilities":\[0\.98[^]]*\]\}\]\})"));
  const std::string field = "X-Amzn-SageMaker-Custom-Attributes: outputs=";
  EXPECT_EQ(invoke(kCsv + field + "labels\r\n", row).body,
            "\"[\"\"setosa\"\", \"\"versicolor\"\", \"\"virginica\"\"]\"\n");
  const auto refused = invoke(kCsv + field + "predicted_score\r\n", row);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("it gives predicted_label, labels, probability"));
}

TEST(ServeStart, OutputsThatTheModelDoesNotGiveEndTheStart) {
  for (const auto& [outputs, sentence] :
       {std::pair{"probabilty", R"(the output \"probabilty\" is unknown)"},
        std::pair{"predicted_score", "this model does not give the output predicted_score"}}) {
    test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                     {"SAGEMAKER_BIND_TO_PORT", std::to_string(test::free_port())},
                                     {"SAGEMAKER_INFERENCE_OUTPUT", outputs}});
    EXPECT_EQ(server.wait(), 2);
    EXPECT_THAT(server.errors(), HasSubstr(sentence));
  }
}

TEST_P(ServeContract, ABatchTransformIsToldHowToCall) {
  start({{"RINGMAKER_SHARDS", "1"}, {"SAGEMAKER_BATCH", "true"}});
  const auto answer = get(port_, "/execution-parameters");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/json"));
  EXPECT_EQ(answer.body,
            R"({"MaxConcurrentTransforms":2,"BatchStrategy":"MULTI_RECORD","MaxPayloadInMB":6})");
}

/// Who counts lines must find as many answers, or be told; on an endpoint nobody counts.
TEST_P(ServeContract, InABatchTransformABlankLineDoesNotVanish) {
  const std::string row = "5.1,3.5,1.4,0.2\n";
  const std::string json = "[5.1,3.5,1.4,0.2]\n";
  EXPECT_EQ(invoke(kCsv, row + "\n" + row).status, 200);
  start({{"RINGMAKER_SHARDS", "1"}, {"SAGEMAKER_BATCH", "true"}});
  const auto refused = invoke(kCsv, row + "\n" + row);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body,
              StartsWith("row 2: the line holds no values; in a batch transform each line"));
  EXPECT_EQ(invoke(kCsv, row + row).status, 200);
  EXPECT_EQ(invoke("Content-Type: application/jsonlines\r\n", json + "\n" + json).status, 400);
  EXPECT_THAT(invoke("Content-Type: text/libsvm\r\n", "0:5.1\n\n1:1\n").body,
              MatchesRegex("([^\n]+\n){3}"));
  // More rows than a batch has room for.
  std::string many;
  for (int i = 0; i < 3000; ++i) {
    many += row;
  }
  EXPECT_THAT(invoke(kCsv, many + "\n" + row).body,
              StartsWith("row 3001: the line holds no values"));
}

TEST_P(ServeContract, InABatchTransformAHeaderDoesNotVanish) {
  const std::string file = "petal_width,petal_length,sepal_width,sepal_length\n0.2,1.4,3.5,5.1\n";
  const std::string in_chunks = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", file.size(), file);
  const auto chunked = [&] {
    return ask(port_, "POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                          std::string(kCsv) + "Transfer-Encoding: chunked\r\n\r\n" + in_chunks);
  };
  EXPECT_EQ(invoke(kCsv, file).status, 200);
  EXPECT_EQ(chunked().status, 200);
  start({{"RINGMAKER_SHARDS", "1"}, {"SAGEMAKER_BATCH", "true"}});
  for (const auto& refused : {invoke(kCsv, file), chunked()}) {
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, StartsWith("row 1: the line is a header and no row; in a batch"));
    EXPECT_THAT(refused.body, HasSubstr("on-bad-record=mark"));
  }
}

TEST_P(ServeContract, InABatchTransformABlankLineIsMarkedAsOtherBadRecordsAre) {
  start({{"RINGMAKER_SHARDS", "1"},
         {"SAGEMAKER_BATCH", "true"},
         {"RINGMAKER_ON_BAD_RECORD", "mark"}});
  const std::string row = "5.1,3.5,1.4,0.2\n";
  const std::string json = "[5.1,3.5,1.4,0.2]\n";
  EXPECT_THAT(
      invoke(kCsv, row + "\n" + row).body,
      MatchesRegex("[0-9][^\n]*\n\"error: row 2: the line holds no values[^\n]*\n[0-9][^\n]*\n"));
  EXPECT_THAT(invoke("Content-Type: application/jsonlines\r\n", json + "\n" + json).body,
              MatchesRegex("[^\n]*\n[^\n]*row 2: the line holds no values[^\n]*\n[^\n]*\n"));
}

/// Two equal rows in each format that is read; as a stream of chunks they mean the same.
TEST_P(ServeContract, EveryFormatIsRead) {
  const std::vector<float> row = {5.1F, 3.5F, 1.4F, 0.2F};
  const std::string tensor = codec::record_of(2, codec::packed_floats(1, row));
  const struct {
    const char* content_type;
    std::string body;
  } payloads[] = {
      {"application/jsonlines", "[5.1,3.5,1.4,0.2]\n{\"features\":[5.1,3.5,1.4,0.2]}\n"},
      {"application/x-ndjson", "[5.1,3.5,1.4,0.2]\n\n[5.1,3.5,1.4,0.2]"},
      {"text/libsvm", "0:5.1 1:3.5 2:1.4 3:0.2\n1 0:5.1 1:3.5 2:1.4 3:0.2\n"},
      {"text/libsvm; index_base=1", "1:5.1 2:3.5 3:1.4 4:0.2\n0 1:5.1 2:3.5 3:1.4 4:0.2\n"},
      {"application/x-npy",
       codec::npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }\n",
                       codec::bytes_of(row) + codec::bytes_of(row))},
      {"application/x-recordio-protobuf", codec::frame(tensor) + codec::frame(tensor)},
  };
  const std::string one = "0.98469573,0.015304226,6.201534e-8\n";
  for (const auto& payload : payloads) {
    const std::string fields =
        "Content-Type: " + std::string(payload.content_type) + "\r\nAccept: text/csv\r\n";
    const auto answer = invoke(fields, payload.body);
    EXPECT_EQ(answer.status, 200) << payload.content_type << answer.body;
    EXPECT_EQ(answer.body, one + one) << payload.content_type;
    std::string chunks;
    for (const char c : payload.body) {
      chunks += "1\r\n" + std::string(1, c) + "\r\n";
    }
    const auto chunked =
        ask(port_, "POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields +
                       "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    EXPECT_EQ(chunked.body, one + one) << payload.content_type;
  }
}

TEST_P(ServeContract, CodedBodiesAreReadInEveryFormatWholeAndInChunks) {
  const std::string one = "0.98469573,0.015304226,6.201534e-8\n";
  const std::pair<const char*, std::string> payloads[] = {
      {"text/csv", "5.1,3.5,1.4,0.2\n5.1,3.5,1.4,0.2\n"},
      {"application/json", "[[5.1,3.5,1.4,0.2],[5.1,3.5,1.4,0.2]]"},
      {"application/jsonlines", "[5.1,3.5,1.4,0.2]\n[5.1,3.5,1.4,0.2]\n"},
      {"text/libsvm", "0:5.1 1:3.5 2:1.4 3:0.2\n0:5.1 1:3.5 2:1.4 3:0.2\n"},
  };
  for (const auto coding : {wire::Coding::kGzip, wire::Coding::kDeflate, wire::Coding::kZstd}) {
    for (const auto& [type, text] : payloads) {
      const std::string fields =
          std::string("Content-Type: ") + type +
          "\r\nAccept: text/csv\r\nContent-Encoding: " + std::string(wire::name(coding)) + "\r\n";
      const std::string body = test::coded(coding, text);
      EXPECT_EQ(invoke(fields, body).body, one + one) << type;
      std::string chunks;
      for (const char c : body) {
        chunks += "1\r\n" + std::string(1, c) + "\r\n";
      }
      const auto chunked =
          ask(port_, "POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields +
                         "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
      EXPECT_EQ(chunked.body, one + one) << type;
    }
  }
}

TEST_P(ServeContract, ABombEndsAtItsLimitAndTheServerLivesOn) {
  start({{"RINGMAKER_INFLATED_BYTES_MAX", "20000000"}});
  const std::string fields = std::string(kCsv) + "Content-Encoding: gzip\r\n";
  const std::string row = "5.1,3.5,1.4,0.2\n";
  const auto bomb = invoke(fields, test::coded(wire::Coding::kGzip, large_csv(40'000'000)));
  EXPECT_EQ(bomb.status, 413);
  EXPECT_EQ(
      bomb.body,
      "the gzip body inflates to more than 20000000 bytes (the option inflated-bytes-max).\n");
  const std::string whole = test::coded(wire::Coding::kGzip, row);
  EXPECT_EQ(invoke(fields, whole.substr(0, 20)).status, 400);
  EXPECT_EQ(invoke(fields, row).status, 400) << "not what it says it is";
  const auto unknown = invoke(std::string(kCsv) + "Content-Encoding: br\r\n", row);
  EXPECT_EQ(unknown.status, 415);
  EXPECT_THAT(unknown.head, HasSubstr("Accept-Encoding: gzip, deflate, zstd\r\n"));
  EXPECT_EQ(invoke(fields, whole).status, 200);
}

TEST_P(ServeContract, EveryFormatIsWritten) {
  const std::string row = "5.1,3.5,1.4,0.2\n";
  const auto accept = [&](const char* type) {
    return invoke(std::string(kCsv) + "Accept: " + type + "\r\n", row + row);
  };
  const std::string object =
      R"({"score":[0.98469573,0.015304226,6.201534e-8],"predicted_label":"setosa"})";
  EXPECT_EQ(accept("application/jsonlines").body, object + "\n" + object + "\n");
  const auto array = accept("application/x-npy");
  EXPECT_THAT(array.head, HasSubstr("Content-Type: application/x-npy\r\n"));
  EXPECT_THAT(array.body, HasSubstr("'shape': (2, 3)"));
  EXPECT_EQ(array.body.size(), 128U + 2 * 3 * sizeof(float));
  const auto records = accept("application/x-recordio-protobuf");
  EXPECT_EQ(records.body.substr(0, 4), "\x0A\x23\xD7\xCE");
  EXPECT_EQ(records.body.substr(0, records.body.size() / 2),
            records.body.substr(records.body.size() / 2));
  EXPECT_EQ(accept("text/libsvm").status, 406);
  // What cannot be written is answered in CSV unless something else is asked for.
  EXPECT_THAT(invoke("Content-Type: text/libsvm\r\n", "0:5.1 1:3.5 2:1.4 3:0.2").head,
              HasSubstr("Content-Type: text/csv\r\n"));
}

TEST_P(ServeContract, AnIndexBaseIsZeroOrOne) {
  const auto answer = invoke("Content-Type: text/libsvm; index_base=2\r\n", "0:1");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            "of the parameters of Content-Type, index_base is 0 or 1 and header is present or "
            "absent\n");
}

TEST_P(ServeContract, EveryJsonShapeOfTheContractIsRead) {
  const std::string one = "0.98469573,0.015304226,6.201534e-8\n";
  const struct {
    const char* body;
    std::string scores;
  } rows[] = {
      {R"({"instances":[{"features":[5.1,3.5,1.4,0.2]},{"features":[5.1,3.5,1.4,0.2]}]})",
       one + one},
      {R"({"instances":[{"data":{"features":{"values":[5.1,3.5,1.4,0.2]}}}]})", one},
      {R"({"instances":[{"data":{"features":{"keys":[3,0,1,2],"shape":[4],"values":[0.2,5.1,3.5,1.4]}}}]})",
       one},
      {R"({"instances":[[5.1,3.5,1.4,0.2],[5.1,3.5,1.4,0.2]]})", one + one},
      {R"([[5.1,3.5,1.4,0.2],[5.1,3.5,1.4,0.2]])", one + one},
      {R"([5.1,3.5,1.4,0.2])", one},
      {R"({"inputs":[[5.1,3.5,1.4,0.2]]})", one},
      {R"({"columns":["sepal_length","sepal_width","petal_length","petal_width"],"data":[[5.1,3.5,1.4,0.2]]})",
       one},
      {R"({"columns":["petal_width","petal_length","sepal_width","sepal_length"],"data":[[0.2,1.4,3.5,5.1]]})",
       one},
      {R"({"data":[[0.2,1.4,3.5,5.1]],"index":[0],"columns":["petal_width","petal_length","sepal_width","sepal_length"]})",
       one},
      {R"({"instances":[{"features":[5.1,3.5,1.4,0.2],"configuration":{"a":[1]}}]})", one},
      {R"({"instances":[{"features":[5.1,3.5,1.4,0.2]},[5.1,3.5,1.4,0.2]]})", one + one},
      {" [ 5.1 ,\n3.5,\t1.4, 2e-1 ] \n", one},
  };
  for (const auto& row : rows) {
    const auto answer = invoke(std::string(kJson) + "Accept: text/csv\r\n", row.body);
    EXPECT_EQ(answer.status, 200) << row.body << answer.body;
    EXPECT_EQ(answer.body, row.scores) << row.body;
  }
  const std::string missing = invoke(kCsv, ",3.5,1.4,0.2").body;
  for (const char* body : {"[null,3.5,1.4,0.2]", "[NaN,3.5,1.4,0.2]"}) {
    EXPECT_EQ(invoke(std::string(kJson) + "Accept: text/csv\r\n", body).body, missing) << body;
  }
  for (const char* body :
       {"nan,3.5,1.4,0.2", "NA,3.5,1.4,0.2", "null,3.5,1.4,0.2", "NaN,3.5,1.4,0.2"}) {
    EXPECT_EQ(invoke(kCsv, body).body, missing) << body;
  }
}

TEST_P(ServeContract, AcceptListsAreWeighed) {
  const struct {
    const char* accept;
    const char* type;  // empty: 406
  } rows[] = {
      {"text/csv, application/json", "text/csv"},
      {"application/json, text/csv", "application/json"},
      {"text/csv;q=0.2, application/json;q=0.7", "application/json"},
      {"text/csv;q=0.7, application/json;q=0.2", "text/csv"},
      {"text/csv;q=0, */*", "application/json"},
      {"application/*", "application/json"},
      {"text/*;q=0.1, image/png", "text/csv"},
      {"image/png, */*;q=0.01", "text/csv"},
      {"APPLICATION/JSON; charset=utf-8", "application/json"},
      {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/csv"},
      {"*", "text/csv"},
      {"application/json;q=1.5", "application/json"},
      {"application/json;q=high", "application/json"},
      {"image/png, text/html", ""},
      {"text/csv;q=0, application/json;q=0", ""},
  };
  for (const auto& row : rows) {
    const auto answer =
        invoke(std::string(kCsv) + "Accept: " + row.accept + "\r\n", "5.1,3.5,1.4,0.2");
    EXPECT_EQ(answer.status, *row.type == '\0' ? 406 : 200) << row.accept;
    EXPECT_THAT(answer.head, HasSubstr(std::string("Content-Type: ") + row.type)) << row.accept;
  }
}

TEST_P(ServeContract, ABodyOverTheLimitIsRefusedUnread) {
  start({{"RINGMAKER_BODY_BYTES_MAX", "100000"}});
  std::string body = large_csv(100'000);
  body.resize(100'000, '\n');
  EXPECT_EQ(invoke(kCsv, body).status, 200);
  const auto over = invoke(kCsv, body + "\n");
  EXPECT_EQ(over.status, 413);
  EXPECT_THAT(over.body,
              HasSubstr("larger than this server accepts, 100000 bytes (the option body-bytes-max, "
                        "RINGMAKER_BODY_BYTES_MAX)"));
}

TEST_P(ServeContract, ColumnsTheModelDoesNotKnowAreToldOfOnce) {
  const std::string names = "sepal_length,sepal_width,petal_length,petal_width";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(invoke(kCsv, names + ",id\n5.1,3.5,1.4,0.2,17\n").status, 200);
  }
  EXPECT_EQ(invoke(kCsv, names + "\n5.1,3.5,1.4,0.2\n").status, 200);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  const std::string log = server_->errors();
  size_t lines = 0;
  for (size_t at = 0; (at = log.find("\"event\":\"unknown_columns\"", at)) != std::string::npos;
       ++at) {
    ++lines;
  }
  EXPECT_GE(lines, 1U) << log;
  EXPECT_LE(lines, 2U) << "one a shard at most: " << log;
}

TEST_P(ServeContract, BadPayloadsAreToldWhereAndWhat) {
  const std::string names = "sepal_length,sepal_width,petal_length,petal_width\n";
  const struct {
    const char* fields;
    std::string body;
    int status;
    const char* sentence;
  } rows[] = {
      {kCsv, "", 400, "the payload holds no rows; the model expects rows of 4 (sepal_length, "},
      {kCsv, "\n\n", 400, "the payload holds no rows"},
      {kCsv, names, 400, "the payload holds a header but no rows"},
      {kCsv, "1,2,3,4\n1,2,3\n", 400, "row 2 has 3 values, the model expects 4 (sepal_length, "},
      {kCsv, "1,2,3,4\n1,2", 400, "row 2 has 2 values, the model expects 4"},
      {kCsv, "1,2,3,4\n1,2,3,4,5\n", 400,
       "row 2 has 5 values, the model expects 4 (sepal_length, sepal_width, petal_length, "
       "petal_width). It looks as if the label column is included."},
      {kCsv, "1,2,3,x\n", 400, "row 1, column 4 \"petal_width\": \"x\" is not a number"},
      {kCsv, "1,2,3,0x10\n", 400, "row 1, column 4 \"petal_width\": \"0x10\" is not a number"},
      {kCsv, "1,2,3,1e999\n", 400,
       "row 1, column 4 \"petal_width\": \"1e999\" is too large for a 32-bit float"},
      {kCsv, "1,2,3,-1e999\n", 400, "\"-1e999\" is too large for a 32-bit float"},
      {kCsv, "1,2,3,\"4\n", 400, "row 1: a quote is opened but never closed"},
      {kCsv, "1,2,3,\"4\"x\n", 400, "row 1, column 4 \"petal_width\": \"\\\"4\\\"x\" has a quote"},
      {kCsv, "1,2,3,4\r5,6,7,8\r", 400,
       "the rows end in CR alone, as on old Macs; end them with LF or CR LF."},
      {kCsv, "1,2,3,\xff\n", 400, "row 1, column 4 \"petal_width\": the text is not UTF-8"},
      {kCsv, "a,b,c,d\n1,2,3,4\n", 400, "the header lacks the column \"sepal_length\""},
      {kJson, "", 400, "the payload holds no rows"},
      {kJson, "[]", 400, "the payload holds no rows"},
      {kJson, "{\"instances\":[]}", 400, "the payload holds no rows"},
      {kJson, "{\"rows\":[[1,2,3,4]]}", 400, "the object has no \\\"instances\\\". Send "},
      {kJson, "{", 400, "the payload is not valid JSON (byte "},
      {kJson, "[1,2,3,4", 400, "the payload is not valid JSON (byte "},
      {kJson, "[[1,2,3,4]]x", 400, "the payload is not valid JSON (byte 11)"},
      {kJson, "\"text\"", 400, "the payload is neither an array nor an object"},
      {kJson, "{\"instances\":[[1,2,3]]}", 400, "row 1 has 3 values, the model expects 4"},
      {kJson, "[[1,2,3,4],[1,2,3,4,5]]", 400, "row 2 has 5 values, the model expects 4"},
      {kJson, "{\"instances\":[[1,2,3,\"x\"]]}", 400, "row 1, column 4"},
      {kJson, "[1,2,3,true]", 400, "is not a number"},
      {kJson, "[1,2,3,1e999]", 400, "too large for a 32-bit float"},
      {kJson, "[1,2,3,\"\xff\"]", 400, "the text is not UTF-8"},
      {kJson, std::string(100, '['), 400, "the JSON is nested more than 64 levels deep (byte 64)"},
      {kJson, R"({"columns":["a"],"data":[[1]]})", 400, "lacks the column \\\"sepal_length\\\""},
      {"Content-Type: image/png\r\n", "x", 415, "text/csv, application/json"},
      {"Content-Type: text/csv\r\nContent-Encoding: br\r\n", "x", 415, "Content-Encoding"},
  };
  for (const auto& row : rows) {
    const auto answer = invoke(row.fields, row.body);
    EXPECT_EQ(answer.status, row.status) << row.body << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(row.sentence)) << row.body;
  }
  EXPECT_EQ(invoke(kCsv, "5.1,3.5,1.4,0.2").status, 200) << "the server lives on";
  EXPECT_EQ(get(port_, "/nothing").status, 404);
  EXPECT_EQ(get(port_, "/invocations").status, 405);
}

/// What the chunks of a body hold, up to the first that is not whole.
std::string without_chunks(const std::string& body) {
  std::string text;
  for (size_t at = 0;;) {
    const size_t line = body.find("\r\n", at);
    if (line == std::string::npos) {
      return text;
    }
    const size_t bytes = std::stoul(body.substr(at, line - at), nullptr, 16);
    text += body.substr(line + 2, bytes);
    at = line + 2 + bytes + 2;
  }
}

TEST_P(ServeContract, ManyRowsAreAnsweredInOrderWhateverTheirNumber) {
  for (const int rows : {1000, 5000, 200'000}) {
    std::string body;
    for (int i = 0; i < rows; ++i) {
      body += i % 2 == 0 ? "5.1,3.5,1.4,0.2\n" : "6.3,3.3,6.0,2.5\n";
    }
    const auto answer = invoke(std::string(kCsv) + "Accept: text/csv\r\n", body);
    EXPECT_EQ(answer.status, 200);
    const bool chunked = answer.head.find("chunked") != std::string::npos;
    const std::string text = chunked ? without_chunks(answer.body) : answer.body;
    const std::string pair =
        invoke(std::string(kCsv) + "Accept: text/csv\r\n", "5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
            .body;
    std::string expected;
    for (int i = 0; i < rows; i += 2) {
      expected += pair;
    }
    EXPECT_TRUE(text == expected) << rows;
  }
}

TEST_P(ServeContract, MetricsAreServed) {
  (void)invoke(kCsv, "5.1,3.5,1.4,0.2");
  const auto answer = get(port_, "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              HasSubstr("ringmaker_requests_total{route=\"invocations\",code=\"200\"} 1\n"));
  EXPECT_THAT(answer.body, HasSubstr("ringmaker_rows_total 1\n"));
}

TEST_P(ServeContract, AnAnswerTellsWhereItsTimeWentToWhoAsks) {
  const std::string asks = "X-Amzn-SageMaker-Custom-Attributes: server-timing=true\r\n";
  const auto answer = invoke(kCsv + asks, "5.1,3.5,1.4,0.2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head,
              testing::ContainsRegex("Server-Timing: read;dur=[0-9.]+, decode;dur=[0-9.]+, "
                                     "wait;dur=[0-9.]+, predict;dur=[0-9.]+, "
                                     "encode;dur=[0-9.]+\r\n"));
  EXPECT_THAT(invoke(kCsv, "5.1,3.5,1.4,0.2").head, Not(HasSubstr("Server-Timing")));
}

TEST_P(ServeContract, TheStartLineNamesTheBackendAndPingsAreNotLogged) {
  for (int i = 0; i < 20; ++i) {
    (void)get(port_, "/ping");
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  // All that it said in its life: lines are written by a thread of their own and may come late.
  const std::string backend = std::string(GetParam()) == "uring" ? "io_uring" : "epoll";
  EXPECT_THAT(server_->errors(), MatchesRegex("[^\n]*\"event\":\"start\"[^\n]*\"io\":\"" + backend +
                                              "[^\n]*\n[^\n]*\"event\":\"stop\"[^\n]*\n"));
}

size_t peak_resident_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      size_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  }
  return 0;
}

TEST_P(ServeContract, ALargeBodyIsNeverHeldWhole) {
  const std::string body = large_csv(25'000'000);
  EXPECT_EQ(invoke(kCsv, large_csv(1'000'000)).status, 200) << "to warm up";
  const size_t before = peak_resident_bytes(server_->pid());
  ASSERT_GT(before, 0U);
  const auto answer = invoke(kCsv, body);
  EXPECT_EQ(answer.status, 200);
  const size_t grown = peak_resident_bytes(server_->pid()) - before;
  EXPECT_LT(grown, body.size() / 2) << "neither its text nor its rows were in memory at once";
}

TEST_P(ServeContract, ABadRowFarBehindIsNamedAndNothingWasAnsweredBefore) {
  std::string body = large_csv(5'000'000);
  const auto rows = std::count(body.begin(), body.end(), '\n');
  const auto answer = invoke(kCsv, body + "1,2,3\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("row " + std::to_string(rows + 1) + " has 3 values"));
}

/// A chunked request whose body has no end of its own, as a batch transform job sends a file.
class EndlessRequest {
 public:
  static constexpr size_t kRowsPerChunk = 2'000;

  explicit EndlessRequest(int port) : peer_(port) {
    EXPECT_TRUE(
        send("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
             "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  }
  // False: the server takes no more. Waits where more than `rows_ahead` were sent than answered.
  bool write(size_t chunks, size_t rows_ahead = SIZE_MAX) {
    for (size_t i = 0; i < chunks; ++i) {
      while (i * kRowsPerChunk > rows_ahead && i * kRowsPerChunk - rows_ahead > lines_read_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      if (!send(chunk_)) {
        return false;
      }
    }
    return true;
  }
  bool send(std::string_view bytes) { return peer_.send(bytes); }
  bool end() { return send("0\r\n\r\n"); }
  /// The answer to its end, or to that of the connection.
  std::string read() {
    std::string answer;
    while (!answer.ends_with("\r\n0\r\n\r\n")) {
      const std::string piece = peer_.receive_some();
      if (piece.empty()) {
        break;
      }
      answer += piece;
      lines_read_ += static_cast<size_t>(std::count(piece.begin(), piece.end(), '\n'));
    }
    return answer;
  }

 private:
  static std::string one_chunk() {
    std::string rows;
    for (size_t i = 0; i < kRowsPerChunk; ++i) {
      rows += "5.1,3.5,1.4,0.2\n";
    }
    return fmt::format("{:x}\r\n{}\r\n", rows.size(), rows);
  }

  test::LoopbackPeer peer_;
  std::string chunk_ = one_chunk();
  std::atomic<size_t> lines_read_ = 0;
};

/// How many of the scores of the row that EndlessRequest repeats are in a chunked answer.
size_t scores_in(const std::string& answer) {
  size_t scores = 0;
  const std::string text = without_chunks(answer.substr(answer.find("\r\n\r\n") + 4));
  const std::string first = text.substr(0, text.find('\n') + 1);
  for (size_t row = 0; !first.empty() && text.compare(row, first.size(), first) == 0;
       row += first.size()) {
    ++scores;
  }
  EXPECT_EQ(scores * first.size(), text.size()) << "all rows are the same";
  return scores;
}

TEST_P(ServeContract, ScoresComeOutWhileAnEndlessBodyGoesIn) {
  // What is freed shall be free: a sanitizer holds it back.
  start({{"SAGEMAKER_BATCH", "true"},
         {"RINGMAKER_SHARDS", "1"},
         {"ASAN_OPTIONS", "quarantine_size_mb=1"}});
  constexpr size_t kRowsAhead = 600'000;      // 7 MB of scores
  for (const size_t chunks : {600, 2'000}) {  // 19 MB, behind which memory is as it stays, and 64
    const size_t before = peak_resident_bytes(server_->pid());
    EndlessRequest request(port_);
    std::thread writer([&] { EXPECT_TRUE(request.write(chunks, kRowsAhead) && request.end()); });
    const std::string answer = request.read();
    writer.join();
    EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n0\r\n\r\n"));
    EXPECT_EQ(scores_in(answer), chunks * EndlessRequest::kRowsPerChunk);
    if (chunks > 1'000) {
      EXPECT_LT(peak_resident_bytes(server_->pid()) - before, 16'000'000U)
          << "scores that the client has not read yet, and no more";
    }
  }
}

TEST_P(ServeContract, AClientMayWriteAnEndlessBodyBeforeItReads) {
  start({{"SAGEMAKER_BATCH", "true"}, {"RINGMAKER_SHARDS", "1"}});
  EndlessRequest request(port_);
  ASSERT_TRUE(request.write(1'000));  // 32 MB
  ASSERT_TRUE(request.end());
  EXPECT_EQ(scores_in(request.read()), 1'000 * EndlessRequest::kRowsPerChunk);
}

TEST_P(ServeContract, ABadRowInAnEndlessBodyLeavesTheAnswerWithoutItsEnd) {
  start({{"SAGEMAKER_BATCH", "true"}, {"RINGMAKER_SHARDS", "1"}});
  EndlessRequest request(port_);
  std::thread writer([&] {
    (void)(request.write(1'000) && request.send("6\r\n1,2,3\n\r\n") && request.write(1'000) &&
           request.end());
  });
  const std::string answer = request.read();
  writer.join();
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, testing::Not(testing::EndsWith("\r\n0\r\n\r\n")));
  EXPECT_LE(scores_in(answer), 1'000 * EndlessRequest::kRowsPerChunk);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), HasSubstr("row 2000001 has 3 values"));
}

TEST_P(ServeContract, IdsOfEqualErrorsAreLoggedAndTheStopLineIsTheLast) {
  for (int i = 0; i < 8; ++i) {
    const std::string id = "X-Amzn-SageMaker-Inference-Id: id-" + std::to_string(i) + "\r\n";
    EXPECT_EQ(invoke(kCsv + id, "1,2,3\n").status, 400);
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  const std::string log = server_->errors();
  for (int i = 0; i < 8; ++i) {
    EXPECT_THAT(log, HasSubstr("\"id-" + std::to_string(i) + "\""));
  }
  const size_t last_line = log.rfind('\n', log.size() - 2) + 1;
  EXPECT_THAT(log.substr(last_line), HasSubstr("\"event\":\"stop\"")) << log;
}

TEST_P(ServeContract, WhoAsksAFrozenProcessIsNotTakenForAQueue) {
  for (int i = 0; i < 5; ++i) {
    test::LoopbackPeer peer(port_);
    ASSERT_TRUE(peer.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"));
    (void)peer.receive_until("\r\n\r\n\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    server_->signal(SIGSTOP);
    const std::string row = "5.1,3.5,1.4,0.2";
    ASSERT_TRUE(peer.send("POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                          std::string(kCsv) + "Content-Length: " + std::to_string(row.size()) +
                          "\r\n\r\n" + row));
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    server_->signal(SIGCONT);
    EXPECT_THAT(peer.receive_until("\r\n\r\n"), testing::StartsWith("HTTP/1.1 200 "));
  }
}

TEST_P(ServeContract, PingIsAnsweredWhileEveryShardPredicts) {
  start({{"RINGMAKER_SHARDS", "2"}});
  const std::string body = large_csv(25'000'000);
  std::atomic<int> unfinished{4};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {  // connections are spread evenly
    clients.emplace_back([&] {
      EXPECT_EQ(invoke(kCsv, body).status, 200);
      --unfinished;
    });
  }
  int answered = 0;
  while (unfinished > 0) {
    EXPECT_EQ(get(port_, "/ping").status, 200);
    answered += unfinished == 4 ? 1 : 0;
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_GT(answered, 0) << "while not one of the bodies was done";
}

/// What lies below a directory, with its size.
std::map<std::string, uintmax_t> tree_of(const std::string& root) {
  std::map<std::string, uintmax_t> tree;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    tree[entry.path()] = entry.is_regular_file() ? entry.file_size() : 0;
  }
  return tree;
}

/// Neither below /opt/ml nor anywhere else: a sandbox may have no place to write to.
TEST_P(ServeContract, NoFileIsWrittenWhileServing) {
  const auto before = tree_of(IrisModel::directory().path());
  EXPECT_EQ(invoke(kCsv, large_csv(1'000'000)).status, 200);
  EXPECT_EQ(invoke(kCsv, "5.1,x,1.4,0.2\n").status, 400);
  for (const auto& entry :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/fdinfo", server_->pid()))) {
    const std::string number = entry.path().filename();
    std::error_code gone;
    const auto file =
        std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", server_->pid(), number), gone);
    if (std::stoi(number) <= STDERR_FILENO || !std::filesystem::is_regular_file(file, gone)) {
      continue;
    }
    std::ifstream info(entry.path());
    const std::string text{std::istreambuf_iterator<char>(info), {}};
    const auto flags = std::stoul(text.substr(text.find("flags:") + 6), nullptr, 8);
    EXPECT_EQ(flags & O_ACCMODE, static_cast<unsigned long>(O_RDONLY)) << file;
  }
  EXPECT_EQ(tree_of(IrisModel::directory().path()), before);
}

/// Neither is taken for granted: a process that cannot write there serves as ever.
TEST_P(ServeContract, TmpAndSharedMemoryAreNotUsed) {
  const std::string read_only =
      "for place in /tmp /dev/shm; do mount --bind $place $place && "
      "mount -o remount,ro,bind $place || exit 77; done; "
      "touch /tmp/written 2>/dev/null && exit 77; ";
  const std::vector<std::string> alone{"unshare", "--user", "--map-root-user",
                                       "--mount", "sh",     "-c"};
  if (std::system(fmt::format("unshare --user --map-root-user --mount sh -c '{}exit 0' "
                              "2>/dev/null",
                              read_only)
                      .c_str()) != 0) {
    GTEST_SKIP() << "no mounts of its own are allowed here (unshare): NOT CHECKED";
  }
  const std::string body = large_csv(3'000'000);
  const auto expected = invoke(kCsv, body);
  server_.reset();
  std::vector<std::string> runner = alone;
  runner.insert(runner.end(), {read_only + "exec \"$0\" \"$@\""});
  server_ = std::make_unique<test::Program>(
      std::vector<std::string>{"serve"},
      test::Program::Variables{{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                               {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)},
                               {"RINGMAKER_IO", GetParam()}},
      test::Program::Descriptors(), runner);
  ASSERT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  const auto answer = invoke(kCsv, body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(without_chunks(answer.body) == without_chunks(expected.body));
}

/// Inodes of the sockets in one of /proc/PID/net's tables, of state `state` alone unless it is
/// empty, and their ports.
std::map<std::string, int> sockets_in(pid_t pid, const std::string& table,
                                      const std::string& state) {
  std::ifstream lines(fmt::format("/proc/{}/net/{}", pid, table));
  std::map<std::string, int> sockets;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
    if (fields.size() > 9 && (state.empty() || fields[3] == state)) {
      sockets[fields[9]] = std::stoi(fields[1].substr(fields[1].rfind(':') + 1), nullptr, 16);
    }
  }
  return sockets;
}

TEST_P(ServeContract, NothingIsBoundButItsPort) {
  EXPECT_EQ(invoke(kCsv, large_csv(100'000)).status, 200);
  std::map<std::string, int> bound;
  for (const auto& [table, state] : std::vector<std::pair<std::string, std::string>>{
           {"tcp", "0A"}, {"tcp6", "0A"}, {"udp", ""}, {"udp6", ""}}) {  // 0A: listens
    bound.merge(sockets_in(server_->pid(), table, state));
  }
  std::set<int> ports;
  for (const auto& entry :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", server_->pid()))) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (target.starts_with("socket:[")) {
      if (const auto found = bound.find(target.substr(8, target.size() - 9));
          found != bound.end()) {
        ports.insert(found->second);
      }
    }
  }
  EXPECT_EQ(ports, std::set<int>{port_});
}

TEST_P(ServeContract, PromtoolHasNothingToSayAboutTheMetrics) {
  if (std::system("promtool --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "promtool (Debian package prometheus) is not installed: NOT CHECKED";
  }
  (void)invoke(kCsv, "5.1,3.5,1.4,0.2");
  (void)invoke(kCsv, "x");
  const test::TemporaryDirectory files;
  files.write("metrics", get(port_, "/metrics").body);
  const std::string command =
      "promtool check metrics <" + files.path("metrics") + " >" + files.path("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << files.read("said") << files.read("metrics");
  EXPECT_EQ(files.read("said"), "");
}

TEST_P(ServeContract, ErrorsAreCountedByRouteAndReasonAndAddUpToTheStopLine) {
  start({{"RINGMAKER_LOG_FORMAT", "json"}});
  const std::string to_invoke = "POST /invocations HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(invoke(kCsv, "x").status, 400);
  EXPECT_EQ(invoke("Content-Type: image/png\r\n", "x").status, 415);
  EXPECT_EQ(get(port_, "/invocations").status, 405);
  EXPECT_EQ(get(port_, "/nowhere").status, 404);
  EXPECT_EQ(ask(port_, to_invoke + "Content-Length: 99999999999\r\n\r\n").status, 413);
  EXPECT_EQ(ask(port_, to_invoke + "Content-Length: 1\r\nExpect: more\r\n\r\n").status, 417);
  EXPECT_EQ(ask(port_, to_invoke + kCsv + "Transfer-Encoding: chunked\r\n\r\nx\r\n").status, 400);
  EXPECT_EQ(ask(port_, "GET /ping HTTP/2.0\r\n\r\n").status, 505);
  const std::string metrics = get(port_, "/metrics").body;
  for (const char* sample : {
           "ringmaker_errors_total{reason=\"payload\"} 1\n",
           "ringmaker_errors_total{reason=\"bad_request\"} 1\n",
           "ringmaker_errors_total{reason=\"unsupported_type\"} 1\n",
           "ringmaker_errors_total{reason=\"method_not_allowed\"} 1\n",
           "ringmaker_errors_total{reason=\"not_found\"} 1\n",
           "ringmaker_errors_total{reason=\"too_large\"} 1\n",
           "ringmaker_errors_total{reason=\"expectation_failed\"} 1\n",
           "ringmaker_errors_total{reason=\"version\"} 1\n",
           "ringmaker_errors_total{reason=\"client_gone\"} 0\n",
           "ringmaker_requests_total{route=\"invocations\",code=\"400\"} 2\n",
           "ringmaker_requests_total{route=\"invocations\",code=\"413\"} 1\n",
           "ringmaker_requests_total{route=\"invocations\",code=\"417\"} 1\n",
           "ringmaker_requests_total{route=\"other\",code=\"505\"} 1\n",
       }) {
    EXPECT_THAT(metrics, HasSubstr(sample));
  }
  uint64_t errors = 0;
  const std::string_view name = "\nringmaker_errors_total{";
  for (size_t at = metrics.find(name); at != std::string::npos; at = metrics.find(name, at + 1)) {
    errors += std::stoull(metrics.substr(metrics.find("} ", at) + 2));
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), HasSubstr(fmt::format("\"errors\":{},", errors)));
}

TEST_P(ServeContract, SigtermEndsTheServerInOrder) {
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), HasSubstr("\"event\":\"stop\""));
}

// A connection that came about is answered, also one that came about while the port was closed.
TEST_P(ServeContract, NothingAcceptedGoesUnansweredWhenItEnds) {
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  std::atomic<int> otherwise{0};
  std::atomic<int> unanswered{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (;;) {
        const auto answer = invoke(kCsv, "5.1,3.5,1.4,0.2");
        if (answer.end == test::HttpAnswer::End::kRefused) {
          return;  // the port is closed for good
        }
        answered += answer.status == 200 ? 1 : 0;
        otherwise += answer.status != 200 ? 1 : 0;
        unanswered += answer.end == test::HttpAnswer::End::kUnanswered ? 1 : 0;
      }
    });
  }
  while (answered < 200) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(unanswered, 0) << "of " << answered + otherwise;
  EXPECT_EQ(otherwise, unanswered) << "nothing here is a reason to refuse";
}

INSTANTIATE_TEST_SUITE_P(Backends, ServeContract, testing::Values("uring", "epoll"),
                         [](const testing::TestParamInfo<const char*>& parameter) {
                           return std::string(parameter.param);
                         });

struct BrokenStart {
  const char* name;
  std::string model;  // content of the artifact; empty: none
  const char* sentence;
};

class ServeRefusesToStart : public testing::TestWithParam<BrokenStart> {};

TEST_P(ServeRefusesToStart, WithAReasonAndACode) {
  const test::TemporaryDirectory tree;
  tree.write("model/other.txt", "x");
  if (!GetParam().model.empty()) {
    tree.write("model/model.ringmaker", GetParam().model);
  }
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree.path()},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(test::free_port())}});
  EXPECT_EQ(server.wait(20), 2);
  EXPECT_THAT(server.errors(), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Models, ServeRefusesToStart,
    testing::Values(BrokenStart{"NoModel", "", "there is no model.ringmaker in"},
                    BrokenStart{"Foreign", "\x1f\x8b gzip", "model.ringmaker: "},
                    BrokenStart{"Garbage", std::string(500, 'g'), "model.ringmaker: "}),
    [](const testing::TestParamInfo<BrokenStart>& parameter) { return parameter.param.name; });

TEST(ServeStart, AMissingDirectoryIsNamed) {
  test::Program server({"serve", "--model-dir", "/nonexistent/model"}, {});
  EXPECT_EQ(server.wait(20), 2);
  EXPECT_THAT(server.errors(), HasSubstr("/nonexistent/model does not exist"));
}

TEST(ServeStart, AFailureIsOneJsonLineWhereJsonIsAskedFor) {
  const std::vector<std::string> nowhere{"serve", "--model-dir", "/nonexistent/model"};
  test::Program late(nowhere, {{"RINGMAKER_LOG_FORMAT", "json"}});
  EXPECT_EQ(late.wait(20), 2);
  EXPECT_THAT(late.errors(),
              MatchesRegex("\\{\"ts\":\"[^\"]+\",\"level\":\"error\",\"event\":\"failed\","
                           "\"command\":\"serve\",\"detail\":\"the model directory "
                           "/nonexistent/model does not exist\"\\}\n"));
  test::Program early({"serve", "--log-format", "json", "--shards", "many"}, {});
  EXPECT_EQ(early.wait(20), 2);
  EXPECT_THAT(early.errors(),
              HasSubstr("\"event\":\"failed\",\"command\":\"serve\",\"detail\":\"--shards is "));
  EXPECT_EQ(std::ranges::count(early.errors(), '\n'), 1);
  // The file says so too, to what is wrong in it as well.
  const test::TemporaryDirectory tree;
  for (const char* text :
       {"log-format = \"json\"\n", "log-format = \"JSON\"\nshards = \"many\"\n"}) {
    tree.write("ringmaker.toml", text);
    test::Program filed(nowhere, {{"RINGMAKER_CONFIG", tree.path("ringmaker.toml")}});
    EXPECT_EQ(filed.wait(20), 2);
    EXPECT_THAT(filed.errors(), testing::StartsWith("{\"ts\":")) << text;
    test::Program overruled(nowhere, {{"RINGMAKER_CONFIG", tree.path("ringmaker.toml")},
                                      {"RINGMAKER_LOG_FORMAT", "human"}});
    EXPECT_EQ(overruled.wait(20), 2);
    EXPECT_THAT(overruled.errors(), testing::StartsWith("ringmaker serve: ")) << text;
  }
  test::Program plain(nowhere, {});
  EXPECT_EQ(plain.wait(20), 2);
  EXPECT_THAT(plain.errors(), testing::StartsWith("ringmaker serve: the model directory "));
}

TEST(ServeStart, ATruncatedModelIsNoticed) {
  const std::string model = IrisModel::directory().read("model/model.ringmaker");
  const test::TemporaryDirectory tree;
  tree.write("model/model.ringmaker", model.substr(0, model.size() - 1));
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree.path()}});
  EXPECT_EQ(server.wait(20), 2) << server.errors();
}

TEST(ServeStart, APortInUseIsNamed) {
  const int port = test::free_port();
  const test::Program::Variables variables{{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                           {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}};
  test::Program first({"serve"}, variables);
  ASSERT_TRUE(test::wait_until_healthy(port, first));
  test::Program second({"serve"}, variables);
  EXPECT_EQ(second.wait(20), 2);
  EXPECT_THAT(second.errors(), HasSubstr("port " + std::to_string(port) + " is in use"));
}

TEST(CommandLine, UnknownCommandsAndOptionsAreAnsweredWithASuggestion) {
  test::Program command({"serv"}, {});
  EXPECT_EQ(command.wait(), 2);
  EXPECT_THAT(command.errors(), HasSubstr("unknown command \"serv\"; did you mean \"serve\"?"));
  test::Program option({"serve", "--model-dir", "x", "--prot", "80"}, {});
  EXPECT_EQ(option.wait(), 2);
  EXPECT_THAT(option.errors(), HasSubstr("unknown argument \"--prot\"; did you mean \"--port\"?"));
  test::Program variable({"serve"}, {{"RINGMAKER_SHARD", "2"}});
  EXPECT_EQ(variable.wait(), 2);
  EXPECT_THAT(variable.errors(), HasSubstr("RINGMAKER_SHARD is unknown; did you mean"));
}

}  // namespace
}  // namespace ringmaker
