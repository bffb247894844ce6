#include "cli/version_command.h"

#include "base/version.h"
#include "tests/support/program.h"
#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::cli {
namespace {

TEST(VersionCommand, IsThatOfThisBuild) {
  test::Program text({"version"}, {});
  EXPECT_EQ(text.wait(), 0);
  EXPECT_EQ(text.output(), std::string("ringmaker ") + base::kVersion + "\n");
  test::Program json({"version", "--json"}, {});
  EXPECT_EQ(json.wait(), 0);
  EXPECT_TRUE(wire::JsonValue::parse(json.output())) << json.output();
  EXPECT_THAT(json.output(), testing::HasSubstr("\"model_format\": 1"));
}

}  // namespace
}  // namespace ringmaker::cli
