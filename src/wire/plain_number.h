// PlainNumber: the numbers that programs write, read from the front of a text at great speed.
//
// What is read is JSON's grammar: a sign, digits without a leading zero, a fraction, an exponent.
// Anything else (NaN, a plus, hexadecimal, more digits than usual) is left to others, who also have
// the words for what is wrong. Lists of millions of numbers are why this exists.
#pragma once

#include <cstdint>

namespace ringmaker::wire {

/// Reads a number from [at, end), correctly rounded. What stands behind it, or null where it is not
/// plain or too large; then `value` says nothing.
[[nodiscard]] const char* scan_plain(const char* at, const char* end, double& value) noexcept;
/// The same of an integer of 32 bits: null where a fraction or an exponent follows, too.
[[nodiscard]] const char* scan_plain(const char* at, const char* end, int32_t& value) noexcept;

}  // namespace ringmaker::wire
