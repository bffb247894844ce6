#include "serve/inference_routes.h"

#include "serve/answer_fields.h"
#include "serve/inference_exchange.h"
#include "tests/serve/serve_rig.h"
#include "wire/little_endian.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace ringmaker::serve {
namespace {

using http::BodyMode;
using http::Method;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr const char* kInfer = "/v2/models/sum/infer";
constexpr const char* kBytesField = "Inference-Header-Content-Length";

FakeExchange get(const char* path) { return {Method::kGet, path}; }
FakeExchange post(const char* path, std::string body, FakeExchange::Fields fields = {}) {
  return {Method::kPost, path, std::move(fields), std::move(body)};
}

std::string tensor(std::string_view shape, std::string_view data) {
  return fmt::format(R"({{"name":"x","shape":{},"datatype":"FP32","data":{}}})", shape, data);
}

/// A server as it is outside of the platform, with a model that adds two values.
class InferenceRoutesTest : public testing::Test {
 protected:
  InferenceRoutesTest() {
    rig_.state.runtime_api = true;
    rig_.state.ready = true;
  }
  std::string read(const char* path, int status = 200) {
    FakeExchange exchange = get(path);
    rig_.ask(exchange);
    EXPECT_EQ(exchange.status, status) << exchange.answer;
    EXPECT_EQ(exchange.content_type, "application/json");
    return exchange.answer;
  }

  ServeRig rig_{{.held_bytes_max = 60 * batch::BlockPool::kBlockBytes}};
};

TEST_F(InferenceRoutesTest, HealthAndMetadataAreTold) {
  EXPECT_EQ(read("/v2/health/live"), R"({"live":true})");
  EXPECT_EQ(read("/v2/health/ready"), R"({"ready":true})");
  EXPECT_THAT(read("/v2"), StartsWith(R"({"name":"ringmaker","version":")"));
  EXPECT_THAT(read("/v2"), HasSubstr(R"("extensions":["binary_tensor_data"])"));
  EXPECT_THAT(read("/v2/models/sum"), StartsWith(R"({"name":"sum","versions":["1"],"platform":)"));
  EXPECT_THAT(read("/v2/models/sum"), HasSubstr(R"("outputs":[{"name":"predicted_score")"));
  EXPECT_EQ(read("/v2/models/sum/versions/1/ready"), R"({"name":"sum","ready":true})");
  EXPECT_EQ(read("/v1/models"), R"({"models":["default"]})");
  EXPECT_EQ(read("/v1/models/a%20b"), R"({"name":"a b","ready":true})");
}

TEST_F(InferenceRoutesTest, WhoIsNotReadySaysSo) {
  rig_.state.ready = false;
  EXPECT_EQ(read("/v2/health/live"), R"({"live":true})");
  EXPECT_EQ(read("/v2/health/ready", 503), R"({"ready":false})");
  EXPECT_EQ(read("/v2/models/sum/ready", 503), R"({"name":"sum","ready":false})");
}

TEST_F(InferenceRoutesTest, TensorsAreScored) {
  FakeExchange exchange =
      post(kInfer, R"({"id":"7","inputs":[)" + tensor("[2,2]", "[[1,2],[3,4]]") + "]}",
           {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "text/csv"}});
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.content_type, "application/json");
  EXPECT_EQ(exchange.answer,
            R"({"model_name":"sum","model_version":"1","id":"7","outputs":[)"
            R"({"name":"predicted_score","shape":[2],"datatype":"FP32","data":[3,7]}]})");
}

TEST_F(InferenceRoutesTest, OutputsAreChosenByName) {
  FakeExchange exchange =
      post(kInfer, R"({"outputs":[{"name":"raw_score"},{"name":"predicted_score"}],"inputs":[)" +
                       tensor("[1,2]", "[1,2]") + "]}");
  rig_.ask(exchange);
  EXPECT_THAT(exchange.answer,
              HasSubstr(R"("outputs":[{"name":"raw_score","shape":[1],"datatype":"FP32",)"
                        R"("data":[3]},{"name":"predicted_score",)"));
  FakeExchange wrong = post(
      kInfer, R"({"outputs":[{"name":"labels"}],"inputs":[)" + tensor("[1,2]", "[1,2]") + "]}");
  rig_.ask(wrong);
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.answer, StartsWith(R"({"error":"this model does not give the output labels)"));
}

TEST_F(InferenceRoutesTest, ValuesGoInAndComeOutAsBytes) {
  std::string json =
      R"({"id":"b","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32",)"
      R"("parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true}})";
  const std::string size = std::to_string(json.size());
  const float values[] = {1.5, 2};
  json.append(reinterpret_cast<const char*>(values), sizeof values);
  FakeExchange exchange = post(kInfer, json, {{kBytesField, size}});
  rig_.ask(exchange);
  ASSERT_EQ(exchange.status, 200) << exchange.answer;
  EXPECT_EQ(exchange.content_type, "application/octet-stream");
  const size_t text = exchange.answer.size() - sizeof(float);
  EXPECT_THAT(exchange.extra, Contains(Pair(kBytesField, std::to_string(text))));
  float score = 0;
  std::memcpy(&score, exchange.answer.data() + text, sizeof score);
  EXPECT_EQ(score, 3.5F);

  FakeExchange odd = post(kInfer, "{}", {{kBytesField, "2x"}});
  rig_.ask(odd);
  EXPECT_EQ(odd.status, 400);
}

/// Bodies and answers that come in parts, with several tensors in the answer.
TEST_F(InferenceRoutesTest, LargeBodiesAndTheirAnswersComeInParts) {
  constexpr size_t kRows = 20'000;
  std::string data = "[";
  std::string scores;
  for (size_t i = 0; i < kRows; ++i) {
    data += fmt::format("{}{},1", i > 0 ? "," : "", i);
    scores += fmt::format("{}{}", i > 0 ? "," : "", i + 1);
  }
  FakeExchange exchange =
      post(kInfer, R"({"inputs":[)" + tensor("[20000,2]", data + "]") +
                       R"(],"outputs":[{"name":"predicted_score"},{"name":"raw_score"}]})");
  exchange.room = 10'000;
  rig_.give(exchange, 32'768);
  rig_.settle();
  while (!exchange.complete) {
    ASSERT_EQ(exchange.status, 200) << exchange.answer;
    exchange.room = exchange.answer.size() + 10'000;
    rig_.router.on_writable(exchange);
    rig_.settle();
  }
  EXPECT_EQ(exchange.answer,
            R"({"model_name":"sum","model_version":"1","outputs":[{"name":"predicted_score",)"
            R"("shape":[20000],"datatype":"FP32","data":[)" +
                scores + R"(]},{"name":"raw_score","shape":[20000],"datatype":"FP32","data":[)" +
                scores + "]}]}");
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

/// How long the JSON is that comes before bytes is known once all of it has been gone through.
TEST_F(InferenceRoutesTest, LargeAnswersMayBeJsonAndBytes) {
  constexpr size_t kRows = 20'000;
  std::string data = "[";
  std::string scores;
  std::string bytes;
  for (size_t i = 0; i < kRows; ++i) {
    data += fmt::format("{}{},1", i > 0 ? "," : "", i);
    scores += fmt::format("{}{}", i > 0 ? "," : "", i + 1);
    bytes.append(sizeof(float), '\0');
    wire::store_little_endian(bytes.data() + i * sizeof(float), static_cast<float>(i + 1));
  }
  FakeExchange exchange = post(
      kInfer, R"({"inputs":[)" + tensor("[20000,2]", data + "]") +
                  R"(],"outputs":[{"name":"predicted_score","parameters":{"binary_data":true}},)"
                  R"({"name":"raw_score"}]})");
  exchange.room = 10'000;
  rig_.give(exchange, 32'768);
  rig_.settle();
  while (!exchange.complete) {
    ASSERT_EQ(exchange.status, 200) << exchange.answer;
    exchange.room = exchange.answer.size() + 10'000;
    rig_.router.on_writable(exchange);
    rig_.settle();
  }
  const std::string json =
      R"({"model_name":"sum","model_version":"1","outputs":[{"name":"predicted_score",)"
      R"("shape":[20000],"datatype":"FP32","parameters":{"binary_data_size":80000}},)"
      R"({"name":"raw_score","shape":[20000],"datatype":"FP32","data":[)" +
      scores + "]}]}";
  EXPECT_TRUE(exchange.answer == json + bytes);
  EXPECT_THAT(exchange.extra, Contains(Pair(kBytesField, std::to_string(json.size()))));
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

TEST_F(InferenceRoutesTest, KserveV1GivesScoresAlone) {
  FakeExchange exchange = post("/v1/models/sum:predict", R"({"instances":[[1,2],[3,4.5]]})");
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.answer, R"({"predictions":[3,7.5]})");
  FakeExchange chosen =
      post("/v1/models/sum:predict", R"({"outputs":"raw_score","instances":[[1,2]]})");
  rig_.ask(chosen);
  EXPECT_EQ(chosen.answer, R"({"predictions":[{"raw_score":3}]})");
}

TEST_F(InferenceRoutesTest, ErrorsAreJsonWhateverIsAccepted) {
  FakeExchange bad =
      post(kInfer, R"({"inputs":[)" + tensor("[1,2]", "[1,true]") + "]}", {{"Accept", "text/csv"}});
  rig_.ask(bad);
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.answer, StartsWith(R"({"error":"row 1, column 2)"));
  EXPECT_EQ(bad.content_type, "application/json");
  FakeExchange cut = post(kInfer, "{\"inputs\":");
  rig_.ask(cut);
  EXPECT_EQ(cut.answer, R"({"error":"the payload is not valid JSON (byte 10)."})");
  EXPECT_THAT(read("/v2/models/sum/versions/2", 404), StartsWith(R"({"error":)"));
  FakeExchange no_version = post("/v2/models/sum/versions/2", "");
  rig_.ask(no_version);
  EXPECT_EQ(no_version.status, 404) << "no method is of use there";
  EXPECT_THAT(read("/v2/nothing", 404), StartsWith(R"({"error":)"));
  FakeExchange method = get(kInfer);
  rig_.ask(method);
  EXPECT_EQ(method.status, 405);
  EXPECT_THAT(method.extra, Contains(Pair("Allow", "POST, OPTIONS")));
  FakeExchange put = post("/v2/health/live", "");
  rig_.ask(put);
  EXPECT_EQ(put.status, 405);
  FakeExchange without_length = post(kInfer, "");
  without_length.edit_head().content_length.reset();
  rig_.ask(without_length);
  EXPECT_EQ(without_length.status, 411);
  FakeExchange coded = post(kInfer, "x", {{"Content-Encoding", "br"}});
  rig_.ask(coded);
  EXPECT_EQ(coded.status, 415);
}

TEST_F(InferenceRoutesTest, ACallerWhoGoesLeavesNothing) {
  FakeExchange small = post(kInfer, R"({"inputs":[)" + tensor("[1,2]", "[1,2]") + "]}");
  rig_.give(small, 100);
  rig_.router.on_abandoned(small);
  FakeExchange large = post(kInfer, std::string(100'000, ' '));
  ASSERT_EQ(rig_.router.on_head(large), BodyMode::kStream);
  rig_.router.on_body(large, R"({"inputs":[)", false);
  rig_.router.on_abandoned(large);
  rig_.settle();
  EXPECT_EQ(rig_.metrics.error(ErrorReason::kClientGone).value(), 2U);
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

TEST_F(InferenceRoutesTest, InsideThePlatformThereIsNoSuchPath) {
  rig_.state.runtime_api = false;
  for (const char* const path : {"/v2", "/v1/models", "/v2/health/ready"}) {
    FakeExchange exchange = get(path);
    rig_.ask(exchange);
    EXPECT_EQ(exchange.status, 404);
    EXPECT_THAT(exchange.answer, Not(StartsWith("{")));
  }
}

TEST(AnswerFields, CarryTheTagAndWhereBytesBegin) {
  const FakeExchange exchange = post("/", "", {{"X-Amzn-SageMaker-Custom-Attributes", "trace=1"}});
  const AnswerFields fields(exchange.head(), 120);
  ASSERT_EQ(fields.headers().size(), 2U);
  EXPECT_EQ(fields.headers()[0].value, "trace=1");
  EXPECT_EQ(fields.headers()[1].value, "120");
  EXPECT_TRUE(AnswerFields(get("/").head(), std::nullopt).headers().empty());
}

}  // namespace
}  // namespace ringmaker::serve
