#include "wire/number_parse.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ringmaker::wire {
namespace {

constexpr std::array<double, 16> kPowersOfTen = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

/// Numbers of at most seven digits, the common short ones. Digits and power of ten are exact
/// doubles, so the division rounds once; the second rounding, to float, does no harm: a quotient of
/// such integers that is not a tie between floats differs from one by more than 2^-24 / 10^7 of
/// itself, which a double still sees. Returns false when the text is anything else.
template <class Float>
bool parse_short(std::string_view text, Float& value) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = *at == '-';
  at += negative ? 1 : 0;
  if (end - at > 8 || at == end) {
    return false;
  }
  uint32_t digits = 0;
  unsigned count = 0;
  const char* point = nullptr;
  for (; at != end; ++at) {
    if (is_digit(*at)) {
      digits = digits * 10 + static_cast<uint32_t>(*at - '0');
      ++count;
    } else if (*at == '.' && point == nullptr) {
      point = at;
    } else {
      return false;
    }
  }
  if (count == 0 || count > 7) {
    return false;
  }
  const size_t fraction = point == nullptr ? 0 : static_cast<size_t>(end - point - 1);
  const auto magnitude = static_cast<Float>(static_cast<double>(digits) / kPowersOfTen[fraction]);
  value = negative ? -magnitude : magnitude;
  return true;
}

template <class Float>
ParsedNumber<Float> parse(std::string_view text) noexcept {
  ParsedNumber<Float> parsed;
  if (text.empty()) {
    return parsed;
  }
  if (text.size() <= 9 && parse_short(text, parsed.value)) {
    parsed.status = NumberStatus::kOk;
    return parsed;
  }
  if (text.size() > kNumberLengthMax) {
    parsed.status = NumberStatus::kTooLong;
    return parsed;
  }
  // fast_float knows no leading plus.
  if (text.front() == '+') {
    text.remove_prefix(1);
    if (text.empty() || text.front() == '-') {
      return parsed;
    }
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = fast_float::from_chars(text.data(), end, parsed.value);
  // It also reads nan(payload), which ends in a parenthesis.
  if (error != std::errc() || stop != end || end[-1] == ')') {
    const bool range = error == std::errc::result_out_of_range && stop == end;
    parsed.status = range ? NumberStatus::kOutOfRange : NumberStatus::kNotANumber;
    return parsed;
  }
  const char first = text[text.front() == '-' ? 1 : 0];
  const bool overflow = std::isinf(parsed.value) && (is_digit(first) || first == '.');
  parsed.status = overflow ? NumberStatus::kOutOfRange : NumberStatus::kOk;
  return parsed;
}

}  // namespace

ParsedNumber<float> parse_float(std::string_view text) noexcept { return parse<float>(text); }

ParsedNumber<double> parse_double(std::string_view text) noexcept { return parse<double>(text); }

bool is_decimal_comma(std::string_view text) noexcept {
  const size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    return false;
  }
  // Digits on both sides of it and nothing else: an exponent is not what people with commas write.
  std::string_view whole = text.substr(0, comma);
  if (!whole.empty() && (whole.front() == '-' || whole.front() == '+')) {
    whole.remove_prefix(1);
  }
  const std::string_view fraction = text.substr(comma + 1);
  return !whole.empty() && !fraction.empty() && std::all_of(whole.begin(), whole.end(), is_digit) &&
         std::all_of(fraction.begin(), fraction.end(), is_digit);
}

}  // namespace ringmaker::wire
