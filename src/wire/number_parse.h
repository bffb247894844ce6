// Text to numbers: exactly what strtof would say, without locale and many times faster.
//
// Accepted: an optional sign, decimal digits with an optional point, an optional exponent; inf,
// infinity and nan in any case. No blanks, no hexadecimal, no digit separators. A number too large
// for the type is an error, one too small is zero.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::wire {

/// Longer texts are refused unread: no number a person or program means is longer.
inline constexpr size_t kNumberLengthMax = 1024;

enum class NumberStatus : uint8_t { kOk, kNotANumber, kOutOfRange, kTooLong };

template <class Float>
struct ParsedNumber {
  Float value = 0;
  NumberStatus status = NumberStatus::kNotANumber;

  [[nodiscard]] bool ok() const noexcept { return status == NumberStatus::kOk; }
};

/// The whole text as one number, correctly rounded.
[[nodiscard]] ParsedNumber<float> parse_float(std::string_view text) noexcept;
[[nodiscard]] ParsedNumber<double> parse_double(std::string_view text) noexcept;

/// A double on the middle between two floats: its last 29 bits are a one and zeroes. There rounding
/// twice may differ from rounding once, so that the text has to decide.
[[nodiscard]] inline bool is_float_tie(double value) noexcept {
  constexpr uint64_t kLastBits = 0x1fffffff;
  constexpr uint64_t kHalf = 0x10000000;
  return (std::bit_cast<uint64_t>(value) & kLastBits) == kHalf;
}

/// A number but for the comma that stands where we expect a point: "5,1". It is refused, for a
/// reason that is worth saying.
[[nodiscard]] bool is_decimal_comma(std::string_view text) noexcept;

}  // namespace ringmaker::wire
