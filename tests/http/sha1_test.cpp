#include "http/sha1.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::http {
namespace {

std::string hex(std::string_view text) {
  std::string digits;
  for (const uint8_t byte : sha1(text)) {
    digits += fmt::format("{:02x}", byte);
  }
  return digits;
}

TEST(Sha1, ExamplesOfTheStandard) {
  EXPECT_EQ(hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(hex(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(Sha1, EveryLengthAroundABlockIsItsOwn) {
  std::string before;
  for (size_t size = 50; size < 70; ++size) {
    const std::string digest = hex(std::string(size, 'a'));
    EXPECT_NE(digest, before);
    before = digest;
  }
  EXPECT_EQ(hex(std::string(64, 'a')), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

}  // namespace
}  // namespace ringmaker::http
