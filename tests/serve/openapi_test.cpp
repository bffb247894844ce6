#include "serve/openapi.h"

#include "tests/model/model_test_support.h"
#include "tests/serve/serve_rig.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::serve {
namespace {

std::set<std::string> keys_of(const wire::JsonValue& object) {
  std::set<std::string> keys;
  const auto members = object.as_object();
  for (const wire::JsonValue& member : *members) {
    keys.insert(member.key());
  }
  return keys;
}

TEST(Openapi, HasThePathsThatAreAnswered) {
  const batch::SumPredictor sum;
  const auto document = wire::JsonValue::parse(openapi(&sum), {}).value();
  EXPECT_EQ(document.find("openapi")->text(), "3.1.0");
  const auto paths = keys_of(*document.find("paths"));
  EXPECT_TRUE(paths.contains("/invocations"));
  EXPECT_TRUE(paths.contains("/v1/models/{name}:predict"));
  const auto without = wire::JsonValue::parse(openapi(nullptr), {}).value();
  EXPECT_FALSE(keys_of(*without.find("paths")).contains("/invocations"));
  EXPECT_TRUE(keys_of(*without.find("paths")).contains("/models/{name}/invoke"));
}

TEST(Openapi, ErrorsAreListedInTheTypesThatTheyHave) {
  const batch::SumPredictor sum;
  const auto document = wire::JsonValue::parse(openapi(&sum), {}).value();
  const auto types_of = [&](const char* path) {
    const wire::JsonValue& responses =
        *document.find("paths")->find(path)->find("post")->find("responses");
    return keys_of(*responses.find("default")->find("content"));
  };
  using Types = std::set<std::string>;
  EXPECT_EQ(types_of("/invocations"), (Types{"application/json", "text/plain"}));
  EXPECT_EQ(types_of("/models"), (Types{"application/json", "text/plain"}));
  EXPECT_EQ(types_of("/v2/models/{name}/infer"), Types{"application/json"});
  EXPECT_EQ(types_of("/endpoints/{name}/invocations"), Types{"application/json"});
}

TEST(Openapi, ARowHasTheModelsWidth) {
  const batch::SumPredictor sum;
  const auto document = wire::JsonValue::parse(openapi(&sum), {}).value();
  const wire::JsonValue& instance = *document.find("components")->find("schemas")->find("Instance");
  const auto ways = instance.find("oneOf")->as_array();
  EXPECT_EQ(ways->front().find("minItems")->as_uint64().value(), sum.schema().feature_count());
}

TEST(Openapi, ItsExamplesAreARealRowWhereTheModelHasOne) {
  const batch::SumPredictor sum;
  EXPECT_THAT(openapi(&sum), testing::HasSubstr(R"("instances":[[0,0]])"));
  EXPECT_THAT(openapi(&sum, std::vector<float>{2.5F, -1}),
              testing::HasSubstr(R"("instances":[[2.5,-1]])"));
}

TEST(Openapi, APredictionHasALabelWhereAnswersHaveOne) {
  for (const bool labels : {true, false}) {
    model::Model model = model::random_linear(model::Link::kLogistic, 2, 1, 7);
    model.output.labels_with_scores = labels;
    const auto predictor =
        model::compile(std::move(model), base::InstructionSet::kPortable).value();
    EXPECT_EQ(openapi(predictor.get()).find("predicted_label\":{\"enum") != std::string::npos,
              labels);
  }
}

void write(const wire::JsonValue& value, wire::JsonWriter& json) {
  if (value.is_object()) {
    json.begin_object();
    const auto members = value.as_object();
    for (const wire::JsonValue& member : *members) {
      write(member, json.key(member.key()));
    }
    json.end_object();
  } else if (value.is_array()) {
    json.begin_array();
    const auto elements = value.as_array();
    for (const wire::JsonValue& element : *elements) {
      write(element, json);
    }
    json.end_array();
  } else if (value.is_string()) {
    json.value(value.text());
  } else {
    json.raw(value.text());
  }
}

std::string written(const wire::JsonValue& value) {
  std::string text;
  wire::JsonWriter json(text);
  write(value, json);
  return text;
}

/// `path` with a name in each pair of braces.
std::string filled_in(std::string path) {
  for (size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
    const size_t end = path.find('}', at);
    path.replace(at, end + 1 - at, path.substr(at, end - at) == "{version" ? "1" : "any");
  }
  return path;
}

TEST(Openapi, ItsExamplesAreAnswered200) {
  ServeRig rig;
  rig.state.runtime_api = true;
  rig.state.ready = true;
  const auto document = wire::JsonValue::parse(openapi(&rig.predictor), {}).value();
  size_t examples = 0;
  for (const std::string& path : keys_of(*document.find("paths"))) {
    const wire::JsonValue* const post = document.find("paths")->find(path)->find("post");
    if (post == nullptr || path == "/models/{name}/invoke") {
      continue;  // which is for models that this document does not know
    }
    const wire::JsonValue* const body = post->find("requestBody");
    for (const std::string& type : keys_of(*body->find("content"))) {
      const wire::JsonValue* const example = body->find("content")->find(type)->find("example");
      if (example == nullptr) {
        continue;
      }
      ++examples;
      FakeExchange exchange(http::Method::kPost, filled_in(path), {{"Content-Type", type}},
                            example->is_string() ? example->text() : written(*example));
      rig.ask(exchange);
      EXPECT_EQ(exchange.status, 200) << path << ' ' << type << ": " << exchange.answer;
      EXPECT_EQ(rig.metrics.rows.value(), examples) << "one row";
    }
  }
  EXPECT_EQ(examples, 3 + 2 * 3 + 1 + 2U) << "/invocations, /endpoints, /v1, /v2";
}

}  // namespace
}  // namespace ringmaker::serve
