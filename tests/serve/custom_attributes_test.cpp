#include "serve/custom_attributes.h"

#include "tests/serve/fake_exchange.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

/// The attribute a=1, in fields of these values.
bool has(const std::vector<std::string>& values) {
  FakeExchange::Fields fields;
  for (const std::string& value : values) {
    fields.emplace_back("x-amzn-sagemaker-custom-attributes", value);
  }
  const FakeExchange exchange(http::Method::kPost, "/invocations", fields);
  return has_custom_attribute(exchange.head(), "a", "1");
}

TEST(CustomAttributes, StandAloneOrBetweenSemicolonsAndCommas) {
  EXPECT_TRUE(has({"a=1"}));
  EXPECT_TRUE(has({"b=2; A=1 ,c=3"}));
  EXPECT_TRUE(has({"b=2;a=1"}));
  EXPECT_TRUE(has({"b=2; a = 1 ;c"}));
}

TEST(CustomAttributes, OfSeveralFieldsAreOneList) {
  EXPECT_TRUE(has({"b=2", "a=1"}));
  EXPECT_TRUE(has({"a=1", "b=2", "c=3"}));
  EXPECT_FALSE(has({"a=", "1"}));
}

TEST(CustomAttributes, AreWholeOrNotThere) {
  EXPECT_FALSE(has({""}));
  EXPECT_FALSE(has({"a=12"}));
  EXPECT_FALSE(has({"ba=1"}));
  EXPECT_FALSE(has({"a=1 b=2"}));
  EXPECT_FALSE(has_custom_attribute(FakeExchange(http::Method::kGet, "/").head(), "a", "1"));
}

}  // namespace
}  // namespace ringmaker::serve
