#include "wire/plain_number.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

namespace ringmaker::wire {
namespace {

/// Powers of ten that are exact doubles.
constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/// As many digits always fit a double's 53 bits.
constexpr size_t kExactDigits = 15;
constexpr int kExponentDigits = 4;

bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

/// Appends digits to `number`; where they end.
const char* scan_digits(const char* at, const char* end, uint64_t& number) noexcept {
  for (; at != end && is_digit(*at); ++at) {
    number = number * 10 + static_cast<uint64_t>(*at - '0');
  }
  return at;
}

/// Digits of which the first is no zero, unless it is the only one; null where there are none.
const char* scan_whole(const char* at, const char* end, uint64_t& number) noexcept {
  const char* const stop = scan_digits(at, end, number);
  return stop == at || (*at == '0' && stop - at > 1) ? nullptr : stop;
}

/// An exponent behind its letter; null where it is none or a strange one.
const char* scan_exponent(const char* at, const char* end, int& exponent) noexcept {
  const bool negative = at != end && *at == '-';
  at += at != end && (*at == '-' || *at == '+') ? 1 : 0;
  uint64_t magnitude = 0;
  const char* const stop = scan_digits(at, end, magnitude);
  if (stop == at || stop - at > kExponentDigits) {
    return nullptr;
  }
  exponent += negative ? -static_cast<int>(magnitude) : static_cast<int>(magnitude);
  return stop;
}

}  // namespace

const char* scan_plain(const char* at, const char* end, double& value) noexcept {
  const char* const begin = at;
  const bool negative = at != end && *at == '-';
  at += negative ? 1 : 0;
  uint64_t digits = 0;
  const char* stop = scan_whole(at, end, digits);
  if (stop == nullptr) {
    return nullptr;
  }
  auto count = static_cast<size_t>(stop - at);
  int exponent = 0;
  if (stop != end && *stop == '.') {
    at = stop + 1;
    stop = scan_digits(at, end, digits);
    if (stop == at) {
      return nullptr;
    }
    count += static_cast<size_t>(stop - at);
    exponent = -static_cast<int>(std::min<ptrdiff_t>(stop - at, 1 << 20));
  }
  if (stop != end && (*stop | ' ') == 'e') {
    stop = scan_exponent(stop + 1, end, exponent);
    if (stop == nullptr) {
      return nullptr;
    }
  }
  // Digits and power are exact doubles, so that one operation rounds, and once (Clinger, 1990).
  constexpr int kPowerMax = static_cast<int>(kPowersOfTen.size()) - 1;
  if (count <= kExactDigits && exponent >= -kPowerMax && exponent <= kPowerMax) {
    const auto whole = static_cast<double>(static_cast<int64_t>(digits));
    const double magnitude = exponent < 0 ? whole / kPowersOfTen[static_cast<size_t>(-exponent)]
                                          : whole * kPowersOfTen[static_cast<size_t>(exponent)];
    value = negative ? -magnitude : magnitude;
    return stop;
  }
  const auto [read_to, error] = fast_float::from_chars(begin, stop, value);
  return error == std::errc() && read_to == stop && std::isfinite(value) ? stop : nullptr;
}

const char* scan_plain(const char* at, const char* end, int32_t& value) noexcept {
  constexpr ptrdiff_t kDigitsMax = 10;
  const bool negative = at != end && *at == '-';
  at += negative ? 1 : 0;
  uint64_t digits = 0;
  const char* const stop = scan_whole(at, end, digits);
  if (stop == nullptr || stop - at > kDigitsMax ||
      (stop != end && (*stop == '.' || (*stop | ' ') == 'e'))) {
    return nullptr;
  }
  const auto number = negative ? -static_cast<int64_t>(digits) : static_cast<int64_t>(digits);
  if (number < std::numeric_limits<int32_t>::min() ||
      number > std::numeric_limits<int32_t>::max()) {
    return nullptr;
  }
  value = static_cast<int32_t>(number);
  return stop;
}

}  // namespace ringmaker::wire
