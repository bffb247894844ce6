// How long each thing on a connection may stand still.
#include "http/deadlines.h"

#include <gtest/gtest.h>

namespace ringmaker::http {
namespace {

constexpr uint64_t kSecond = base::kNanosecondsPerSecond;
constexpr uint64_t kMs = base::kNanosecondsPerMillisecond;
constexpr std::optional<uint64_t> kServing;
const Limits kLimits;

TEST(Deadlines, IdleIs75SecondsAndWhileDraining1500MillisecondsFromItsBeginning) {
  Deadlines deadlines;
  deadlines.idle_since_ns = 100 * kSecond;
  EXPECT_EQ(deadlines.idle(kLimits, kServing), 175 * kSecond);
  EXPECT_EQ(deadlines.idle(kLimits, 120 * kSecond), 120 * kSecond + 1500 * kMs);
}

TEST(Deadlines, AHeadHas10SecondsFromItsFirstByteAndWhileDraining8) {
  Deadlines deadlines;
  deadlines.head_begun_ns = 100 * kSecond;
  EXPECT_EQ(deadlines.head(kLimits, kServing), 110 * kSecond);
  EXPECT_EQ(deadlines.head(kLimits, 104 * kSecond), 108 * kSecond);
}

TEST(Deadlines, ABodyMayBeSilentFor10SecondsAndWhileDraining8) {
  Deadlines deadlines;
  deadlines.body_begun_ns = 100 * kSecond;
  deadlines.body_moved_ns = 150 * kSecond;
  deadlines.body_bytes = 512 * 1000;
  EXPECT_EQ(deadlines.body(kLimits, kServing), 160 * kSecond);
  EXPECT_EQ(deadlines.body(kLimits, 151 * kSecond), 158 * kSecond);
}

TEST(Deadlines, ABodyEarnsASecondWith512BytesAndHas10SecondsOfGrace) {
  Deadlines deadlines;
  deadlines.body_begun_ns = 100 * kSecond;
  deadlines.body_moved_ns = 109 * kSecond;
  deadlines.body_bytes = 9;
  EXPECT_EQ(deadlines.body(kLimits, kServing), 110 * kSecond) << "one byte a second is too slow";
  deadlines.body_bytes = 12 * 512;
  EXPECT_EQ(deadlines.body(kLimits, kServing), 112 * kSecond);
}

TEST(Deadlines, ASendMayStandStillFor15SecondsAndWhileDraining8) {
  Deadlines deadlines;
  deadlines.send_moved_ns = 100 * kSecond;
  EXPECT_EQ(deadlines.send(kLimits, kServing), 115 * kSecond);
  EXPECT_EQ(deadlines.send(kLimits, 101 * kSecond), 108 * kSecond);
}

TEST(Deadlines, LingeringTakesASecond) {
  Deadlines deadlines;
  deadlines.linger_begun_ns = 100 * kSecond;
  EXPECT_EQ(deadlines.linger(kLimits), 101 * kSecond);
}

}  // namespace
}  // namespace ringmaker::http
