#include "wire/number_fields.h"

#include <cstring>

namespace ringmaker::wire {

#if defined(__x86_64__)
namespace avx512 {
uint64_t parse_fields(const char* text, const uint32_t* marks, size_t count, float* out) noexcept;
}  // namespace avx512
#endif

namespace {

constexpr double kPowersOfTen[16] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/// A double on the middle between two floats: its last 29 bits are a one and zeroes. There rounding
/// twice may differ from rounding once.
bool is_float_tie(double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits & 0x1fffffffU) == 0x10000000U;
}

/// Eight digits, the first in the lowest byte, to their number; false when one is no digit.
bool eight_digits(uint64_t text, uint32_t& number) {
  const uint64_t digits = text ^ 0x3030303030303030U;
  if (((digits | (digits + 0x0606060606060606U)) & 0xf0f0f0f0f0f0f0f0U) != 0) {
    return false;
  }
  // Neighbours are joined three times: 8 digits, 4 pairs, 2 fours, 1 number.
  const uint64_t pairs = digits * 10 + (digits >> 8U);
  const uint64_t low = (pairs & 0x000000ff000000ffU) * 0x000f424000000064U;
  const uint64_t high = ((pairs >> 16U) & 0x000000ff000000ffU) * 0x0000271000000001U;
  number = static_cast<uint32_t>((low + high) >> 32U);
  return true;
}

/// The digits at [at, end), at most 16, appended to `number`; false when one is no digit.
bool append_digits(const char* at, const char* end, uint64_t& number) {
  for (; end - at >= 8; at += 8) {
    uint64_t text = 0;
    uint32_t eight = 0;
    std::memcpy(&text, at, sizeof text);
    if (!eight_digits(text, eight)) {
      return false;
    }
    number = number * 100'000'000 + eight;
  }
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit > 9) {
      return false;
    }
    number = number * 10 + digit;
  }
  return true;
}

bool parse_field(const char* at, const char* end, float& out) {
  if (end - at > 16 || at == end) {
    return false;
  }
  const bool negative = *at == '-';
  at += negative ? 1 : 0;
  const auto* point = static_cast<const char*>(std::memchr(at, '.', static_cast<size_t>(end - at)));
  const char* const whole_end = point == nullptr ? end : point;
  const char* const fraction = point == nullptr ? end : point + 1;
  uint64_t digits = 0;
  const bool some_digit = whole_end != at || fraction != end;
  if (!some_digit || !append_digits(at, whole_end, digits) ||
      !append_digits(fraction, end, digits)) {
    return false;
  }
  const double value = static_cast<double>(digits) / kPowersOfTen[end - fraction];
  if (is_float_tie(value)) {
    return false;
  }
  const auto magnitude = static_cast<float>(value);
  out = negative ? -magnitude : magnitude;
  return true;
}

uint64_t parse_fields_portable(const char* text, const uint32_t* marks, size_t count,
                               float* out) noexcept {
  uint64_t left = 0;
  for (size_t k = 0; k < count; ++k) {
    const uint32_t begin = marks[k] + 1;
    left |= uint64_t{!parse_field(text + begin, text + marks[k + 1], out[k])} << k;
  }
  return left;
}

}  // namespace

FieldsParser fields_parser(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set >= base::InstructionSet::kAvx512) {
    return avx512::parse_fields;
  }
#endif
  (void)set;
  return parse_fields_portable;
}

}  // namespace ringmaker::wire
