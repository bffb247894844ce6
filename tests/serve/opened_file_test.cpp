#include "serve/opened_file.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

TEST(OpenedFile, IsReadWhereItIsAskedFor) {
  const test::TemporaryDirectory files;
  files.write("f", "0123456789");
  const auto file = open_file(files.path("f"));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->size, 10U);
  const model::ByteSource source = file->source();
  const auto text = [&](uint64_t at, size_t count) {
    const auto bytes = source.read(at, count);
    EXPECT_TRUE(bytes) << bytes.error().message();
    return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  };
  EXPECT_EQ(text(2, 3), "234");
  EXPECT_EQ(text(8, 3), "89") << "its end";
  EXPECT_EQ(text(10, 3), "");
  EXPECT_EQ(text(99, 3), "");
}

TEST(OpenedFile, OneThatBecameShorterIsAnError) {
  const test::TemporaryDirectory files;
  files.write("f", "0123456789");
  const auto file = open_file(files.path("f"));
  ASSERT_TRUE(file) << file.error().message();
  std::filesystem::resize_file(files.path("f"), 4);
  std::array<std::byte, 10> bytes;
  const auto read = file->read(bytes, 0);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(), HasSubstr("ended while it was read, at byte 4"));
}

TEST(OpenedFile, WhatIsNoFileIsAnErrorAndDoesNotHang) {
  const test::TemporaryDirectory files;
  ASSERT_EQ(::mkfifo(files.path("fifo").c_str(), 0600), 0);
  const auto fifo = open_file(files.path("fifo"));
  ASSERT_FALSE(fifo);
  EXPECT_THAT(fifo.error().message(), HasSubstr("fifo is not a regular file"));
  const auto absent = open_file(files.path("absent"));
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error().message(), HasSubstr("cannot open"));
}

}  // namespace
}  // namespace ringmaker::serve
