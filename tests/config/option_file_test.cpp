#include "config/option_file.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::config {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class OptionFileTest : public testing::Test {
 protected:
  base::Result<OptionFile> read(const std::string& text) {
    files_.write("a.toml", text);
    return read_option_file(files_.path("a.toml"));
  }
  std::string error(const std::string& text) {
    const auto values = read(text);
    return values ? "no error" : values.error().message();
  }
  test::TemporaryDirectory files_;
};

TEST_F(OptionFileTest, ScalarsOfAnyTypeAreTextWithTheirPlace) {
  const auto file = read("# mine\nport = 8_080\nio = \"epoll\"\n\nkeep = true\nrate = 0.5\n");
  ASSERT_TRUE(file) << file.error().message();
  const FileValues& values = file->values;
  EXPECT_EQ(values.at("port").text, "8080");
  EXPECT_THAT(values.at("port").origin, EndsWith("a.toml:2"));
  EXPECT_EQ(values.at("io").text, "epoll");
  EXPECT_EQ(values.at("keep").text, "true");
  EXPECT_THAT(values.at("keep").origin, EndsWith("a.toml:5"));
  EXPECT_EQ(values.at("rate").text, "0.5");
}

TEST_F(OptionFileTest, ATableIsForTheCommandOfItsName) {
  const auto file = read("port = 1\n\n[serve]\nport = 2\n[train]\n");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->values.size(), 1U);
  EXPECT_EQ(file->values.at("port").text, "1");
  EXPECT_EQ(file->sections.at("serve").values.at("port").text, "2");
  EXPECT_THAT(file->sections.at("serve").values.at("port").origin, EndsWith("a.toml:4"));
  EXPECT_THAT(file->sections.at("serve").place, EndsWith("a.toml:3"));
  EXPECT_TRUE(file->sections.at("train").values.empty());
}

TEST_F(OptionFileTest, ErrorsNameFileAndLineInOneLine) {
  EXPECT_THAT(error("port = 1\nio = \n"), HasSubstr("a.toml:2: this is not TOML: "));
  EXPECT_THAT(error("[serve]\nio = 1\n[serve.inner]\nio = 1\n"),
              HasSubstr("a.toml:3: \"inner\" is a table or a list; an option is one value"));
  EXPECT_THAT(error("a = [1]\n"), HasSubstr("a.toml:1: \"a\" is a table or a list"));
  for (const char* bad : {"port", "= 1", "a = 1\na = 2\n", "a = \"\x01\"", "\xFF"}) {
    EXPECT_THAT(error(bad), HasSubstr("a.toml:")) << bad;
    EXPECT_EQ(error(bad).find('\n'), std::string::npos) << error(bad);
  }
}

TEST_F(OptionFileTest, AFileThatIsNotThereIsNamed) {
  const auto none = read_option_file(files_.path("none.toml"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), base::ErrorCode::kNotFound);
  EXPECT_THAT(none.error().message(), HasSubstr("none.toml"));
}

TEST_F(OptionFileTest, ADirectoryIsNoFile) {
  const auto none = read_option_file(files_.path());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr("is a directory"));
}

TEST_F(OptionFileTest, AnEmptyFileHoldsNothing) { EXPECT_TRUE(read("").value().values.empty()); }

}  // namespace
}  // namespace ringmaker::config
