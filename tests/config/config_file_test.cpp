#include "config/config_file.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace ringmaker::config {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& path) {
  const auto text = read_config_file(path);
  return text ? "no error" : text.error().message();
}

TEST(ConfigFile, IsReadWholeAndMayBeAbsent) {
  test::TemporaryDirectory files;
  const std::string large(300'000, 'x');
  files.write("large", large);
  files.write("empty", "");
  EXPECT_EQ(read_config_file(files.path("large")).value(), large);
  EXPECT_EQ(read_config_file(files.path("empty")).value(), "");
  EXPECT_EQ(read_config_file(files.path("absent")).value(), std::nullopt);
}

TEST(ConfigFile, NoPipeDeviceOrDirectoryIsRead) {
  test::TemporaryDirectory files;
  ASSERT_EQ(::mkfifo(files.path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_of(files.path("pipe")), HasSubstr("is a pipe; a regular file is needed"));
  EXPECT_EQ(error_of("/dev/zero"), "/dev/zero is a device; a regular file is needed");
  EXPECT_THAT(error_of(files.path()), HasSubstr("is a directory; a regular file is needed"));
}

TEST(ConfigFile, OneWithoutEndIsTold) {
  test::TemporaryDirectory files;
  files.write("large", std::string(kConfigFileBytesMax + 1, ' '));
  EXPECT_THAT(error_of(files.path("large")), HasSubstr("has more than 16 MiB"));
}

}  // namespace
}  // namespace ringmaker::config
