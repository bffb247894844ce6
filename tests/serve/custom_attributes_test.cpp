#include "serve/custom_attributes.h"

#include "tests/serve/fake_exchange.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

bool has(const char* value, const char* attribute) {
  const FakeExchange exchange(http::Method::kPost, "/invocations",
                              {{"x-amzn-sagemaker-custom-attributes", value}});
  return has_custom_attribute(exchange.head(), attribute);
}

TEST(CustomAttributes, StandAloneOrBetweenSemicolonsAndCommas) {
  EXPECT_TRUE(has("a=1", "a=1"));
  EXPECT_TRUE(has("b=2; A=1 ,c=3", "a=1"));
  EXPECT_TRUE(has("b=2;a=1", "a=1"));
}

TEST(CustomAttributes, AreWholeOrNotThere) {
  EXPECT_FALSE(has("", "a=1"));
  EXPECT_FALSE(has("a=12", "a=1"));
  EXPECT_FALSE(has("ba=1", "a=1"));
  EXPECT_FALSE(has("a=1 b=2", "a=1"));
  EXPECT_FALSE(has_custom_attribute(FakeExchange(http::Method::kGet, "/").head(), "a=1"));
}

}  // namespace
}  // namespace ringmaker::serve
