// UTC as RFC 3339 writes it.
#pragma once

#include <array>
#include <ctime>

namespace ringmaker::base {

/// "2026-01-05T10:11:12Z", without a NUL, of seconds since 1970 up to the year 9999.
[[nodiscard]] std::array<char, 20> utc_time(std::time_t seconds) noexcept;

}  // namespace ringmaker::base
