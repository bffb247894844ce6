#include "base/utc_time.h"

#include <gtest/gtest.h>

#include <string_view>

namespace ringmaker::base {
namespace {

TEST(UtcTime, IsWrittenAsRfc3339Says) {
  const auto text = [](std::time_t seconds) {
    const auto time = utc_time(seconds);
    return std::string(time.data(), time.size());
  };
  EXPECT_EQ(text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(text(1'896'084'000), "2030-01-31T10:00:00Z");
  EXPECT_EQ(text(253'402'300'799), "9999-12-31T23:59:59Z");
}

}  // namespace
}  // namespace ringmaker::base
