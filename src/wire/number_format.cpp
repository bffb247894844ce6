#include "wire/number_format.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace ringmaker::wire {
namespace {

/// A number in [10^kPlainMin, 10^kPlainMax) is written without an exponent. (Python begins at 1e-4,
/// JavaScript at 1e-6 and goes on to 1e21.)
constexpr int kPlainMin = -5;
constexpr int kPlainMax = 16;

/// The shortest digits of a positive finite value: digits d1 d2 .. dn stand for
/// d1.d2..dn * 10^exponent.
struct Digits {
  char text[20];
  int count = 0;
  int exponent = 0;
};

template <class Float>
Digits shortest_digits(Float value) noexcept {
  // to_chars gives d[.ddd]e+XX with the fewest digits that read back as the same value.
  char text[kNumberBytesMax];
  const char* end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  Digits digits;
  const char* at = text;
  for (; *at != 'e'; ++at) {
    if (*at != '.') {
      digits.text[digits.count++] = *at;
    }
  }
  const bool negative = at[1] == '-';
  for (at += 2; at != end; ++at) {
    digits.exponent = digits.exponent * 10 + (*at - '0');
  }
  if (negative) {
    digits.exponent = -digits.exponent;
  }
  return digits;
}

char* put(char* out, const char* text, int count) noexcept {
  std::memcpy(out, text, static_cast<size_t>(count));
  return out + count;
}

char* put_zeroes(char* out, int count) noexcept {
  std::memset(out, '0', static_cast<size_t>(count));
  return out + count;
}

char* put_plain(const Digits& digits, char* out) noexcept {
  if (digits.exponent < 0) {
    out = put(out, "0.", 2);
    out = put_zeroes(out, -digits.exponent - 1);
    return put(out, digits.text, digits.count);
  }
  const int whole = digits.exponent + 1;
  if (digits.count <= whole) {
    out = put(out, digits.text, digits.count);
    return put_zeroes(out, whole - digits.count);
  }
  out = put(out, digits.text, whole);
  *out++ = '.';
  return put(out, digits.text + whole, digits.count - whole);
}

char* put_scientific(const Digits& digits, char* out) noexcept {
  *out++ = digits.text[0];
  if (digits.count > 1) {
    *out++ = '.';
    out = put(out, digits.text + 1, digits.count - 1);
  }
  *out++ = 'e';
  *out++ = digits.exponent < 0 ? '-' : '+';
  return std::to_chars(out, out + 3, std::abs(digits.exponent)).ptr;
}

template <class Float>
char* format_float(Float value, char* out) noexcept {
  if (std::isnan(value)) {
    return put(out, "nan", 3);
  }
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (std::isinf(value)) {
    return put(out, "inf", 3);
  }
  if (value == 0) {
    *out++ = '0';
    return out;
  }
  const Digits digits = shortest_digits(value);
  const bool plain = digits.exponent >= kPlainMin && digits.exponent < kPlainMax;
  return plain ? put_plain(digits, out) : put_scientific(digits, out);
}

}  // namespace

char* format_number(float value, char* out) noexcept { return format_float(value, out); }
char* format_number(double value, char* out) noexcept { return format_float(value, out); }
char* format_number(int64_t value, char* out) noexcept {
  return std::to_chars(out, out + kNumberBytesMax, value).ptr;
}
char* format_number(uint64_t value, char* out) noexcept {
  return std::to_chars(out, out + kNumberBytesMax, value).ptr;
}

}  // namespace ringmaker::wire
