#include "base/utc_time.h"

#include <fmt/core.h>

namespace ringmaker::base {

std::array<char, 20> utc_time(std::time_t seconds) noexcept {
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 20> text{};
  fmt::format_to_n(text.data(), text.size(), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                   parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                   parts.tm_min, parts.tm_sec);
  return text;
}

}  // namespace ringmaker::base
