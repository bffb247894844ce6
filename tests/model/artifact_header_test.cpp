#include "model/artifact_header.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::model {
namespace {

TEST(ArtifactHeader, SaysHowLongTheJsonIs) {
  std::vector<std::byte> file(256);
  write_artifact_header(file, 100);
  const auto header = read_artifact_header(file);
  ASSERT_TRUE(header) << header.error().message();
  EXPECT_EQ(header->json_bytes, 100U);
}

TEST(ArtifactHeader, JsonLongerThanTheFileIsRefused) {
  std::vector<std::byte> file(256);
  write_artifact_header(file, 193);
  EXPECT_FALSE(read_artifact_header(file));
}

}  // namespace
}  // namespace ringmaker::model
