// Urls of load requests, and the places they may mean.
#include "serve/models_root.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::serve {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ModelsRootTest : public testing::Test {
 protected:
  void SetUp() override {
    files_.write("models/a/model/file", "12345");
    files_.write("models/a/model/more", "123");
    files_.write("models_of_others/model/file", "x");
    files_.write("secret/file", "x");
  }
  base::ErrorCode refused(const std::string& url) const {
    const auto place = root_.resolve(url);
    EXPECT_FALSE(place) << url;
    return place ? base::ErrorCode::kInternal : place.error().code();
  }

  test::TemporaryDirectory files_;
  ModelsRoot root_{files_.path("models")};
};

TEST_F(ModelsRootTest, WhatLiesBelowTheRootIsFoundUnderThePlatformsNameToo) {
  const std::string real = fs::canonical(files_.path("models/a/model")).string();
  EXPECT_EQ(root_.resolve(files_.path("models/a/model")), real);
  EXPECT_EQ(root_.resolve(files_.path("models/a/./model")), real);
  EXPECT_EQ(root_.resolve("/opt/ml/models/a/model"), real);
  EXPECT_EQ(root_.resolve("/opt/ml/models/a/model/"), real);
}

TEST_F(ModelsRootTest, NothingElseIs) {
  using base::ErrorCode;
  EXPECT_EQ(refused(files_.path("models")), ErrorCode::kInvalidInput) << "the root itself";
  EXPECT_EQ(refused(files_.path("secret/file")), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused(files_.path("models/../secret/file")), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused(files_.path("models_of_others/model")), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused("/opt/ml/models/../../../etc/passwd"), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused("/proc/self/environ"), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused("models/a/model"), ErrorCode::kInvalidInput) << "not from the top";
  EXPECT_EQ(refused("s3://bucket/model.tar.gz"), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused(""), ErrorCode::kInvalidInput);
  EXPECT_EQ(refused(files_.path("models/a/model") + std::string(1, '\0')),
            ErrorCode::kInvalidInput);
  EXPECT_EQ(refused(files_.path("models/gone")), ErrorCode::kNotFound);
}

TEST_F(ModelsRootTest, ALinkThatLeadsOutIsNoWayOut) {
  fs::create_directory_symlink(files_.path("secret"), files_.path("models/link"));
  EXPECT_EQ(refused(files_.path("models/link")), base::ErrorCode::kInvalidInput);
  EXPECT_THAT(root_.resolve(files_.path("models/link/file")).error().message(),
              HasSubstr("not a path below"));
}

TEST_F(ModelsRootTest, BytesAreThoseOfTheFile) {
  EXPECT_EQ(bytes_on_disk(files_.path("models/a/model")), 8U);
  EXPECT_EQ(bytes_on_disk(files_.path("models/a/model/file")), 5U);
  EXPECT_EQ(bytes_on_disk(files_.path("gone")), 0U);
}

}  // namespace
}  // namespace ringmaker::serve
