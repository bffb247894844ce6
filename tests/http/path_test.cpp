#include "http/path.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::http {
namespace {

std::string unescaped(std::string_view path) {
  std::string scratch;
  return std::string(unescape_unreserved(path, scratch));
}

TEST(Path, EscapesOfUnreservedBytesMeanTheBytes) {
  EXPECT_EQ(unescaped("/%70ing"), "/ping");
  EXPECT_EQ(unescaped("/%70%69%6E%6e"), "/pinn");
  EXPECT_EQ(unescaped("/a%2Db%2eC%5F%7Ed%30"), "/a-b.C_~d0");
}

TEST(Path, OtherEscapesStay) {
  EXPECT_EQ(unescaped("/models%2Fa"), "/models%2Fa");
  EXPECT_EQ(unescaped("/%00%20%25%80%ff"), "/%00%20%25%80%ff");
}

TEST(Path, WhatIsNoEscapeStays) {
  EXPECT_EQ(unescaped("/%"), "/%");
  EXPECT_EQ(unescaped("/%7"), "/%7");
  EXPECT_EQ(unescaped("/%7x%x7"), "/%7x%x7");
  EXPECT_EQ(unescaped("/%%70"), "/%p");
}

TEST(Path, APathWithoutEscapesIsNotCopied) {
  const std::string_view path = "/invocations";
  std::string scratch;
  EXPECT_EQ(unescape_unreserved(path, scratch).data(), path.data());
}

}  // namespace
}  // namespace ringmaker::http
