#include "serve/openapi.h"

#include "tests/batch/sum_predictor.h"
#include "wire/json_reader.h"

#include <gtest/gtest.h>

#include <set>

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

TEST(Openapi, ARowHasTheModelsWidth) {
  const batch::SumPredictor sum;
  const auto document = wire::JsonValue::parse(openapi(&sum), {}).value();
  const wire::JsonValue& instance = *document.find("components")->find("schemas")->find("Instance");
  const auto ways = instance.find("oneOf")->as_array();
  EXPECT_EQ(ways->front().find("minItems")->as_uint64().value(), sum.schema().feature_count());
}

}  // namespace
}  // namespace ringmaker::serve
