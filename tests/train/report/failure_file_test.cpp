#include "train/report/failure_file.h"

#include "tests/support/program.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

std::string text_of(const std::string& message) {
  return failure_text({base::ErrorCode::kInvalidInput, message});
}

TEST(FailureFile, IsOneLineOfAtMost1024BytesOfWholeCharacters) {
  EXPECT_EQ(text_of("a\nb"), "a b");
  EXPECT_EQ(text_of(std::string(1024, 'x')), std::string(1024, 'x'));
  EXPECT_EQ(text_of(std::string(1025, 'x')), std::string(1024, 'x'));
  EXPECT_EQ(text_of(std::string(1022, 'x') + "\xe2\x82\xac"), std::string(1022, 'x'));
  EXPECT_EQ(text_of(std::string(1022, 'x') + "\xc3\xa4"), std::string(1022, 'x') + "\xc3\xa4");
  EXPECT_EQ(text_of("name \xff"), "name ?");
}

TEST(FailureFile, IsWrittenWhole) {
  const test::TemporaryDirectory directory;
  const base::Error error(base::ErrorCode::kPlatform, "cause");
  EXPECT_TRUE(write_failure_file(directory.path("output/failure"), error));
  EXPECT_EQ(directory.read("output/failure"), "cause");
  EXPECT_FALSE(write_failure_file(directory.path("output/failure/failure"), error));
}

}  // namespace
}  // namespace ringmaker::train
