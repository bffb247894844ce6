#include "base/siphash.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::base {
namespace {

/// The key of the paper: the bytes 0 to 15.
constexpr SipKey kKey{0x0706'0504'0302'0100, 0x0F0E'0D0C'0B0A'0908};

TEST(Siphash, TheVectorsOfThePaper) {
  std::string text;
  EXPECT_EQ(siphash(kKey, text), 0x726F'DB47'DD0E'0E31U);
  text += '\0';
  EXPECT_EQ(siphash(kKey, text), 0x74F8'39C5'93DC'67FDU);
  for (char c = 1; c < 15; ++c) {
    text += c;
  }
  EXPECT_EQ(siphash(kKey, text), 0xA129'CA61'49BE'45E5U);
}

TEST(Siphash, KeyAndTextBothMatter) {
  EXPECT_NE(siphash(kKey, "a"), siphash(kKey, "b"));
  EXPECT_NE(siphash(kKey, "a"), siphash({1, 2}, "a"));
  EXPECT_NE(random_sip_key(), random_sip_key());
}

}  // namespace
}  // namespace ringmaker::base
