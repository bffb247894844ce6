#include "wire/number_fields.h"

#include "wire/number_parse.h"

#include <bit>
#include <cstring>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

namespace ringmaker::wire {

#if defined(__x86_64__)
namespace avx512 {
uint64_t parse_fields(const char* text, const uint32_t* marks, size_t count, float* out) noexcept;
}  // namespace avx512
#elif defined(__aarch64__)
namespace neon {
uint64_t parse_fields(const char* text, const uint32_t* marks, size_t count, float* out) noexcept;
}  // namespace neon
#endif

namespace {

constexpr double kPowersOfTen[16] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

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

#if defined(__SSE4_1__)

/// Any 16 in a row are a mask: of the last n bytes, and of the first n.
alignas(16) constexpr uint8_t kZeroesThenOnes[32] = {
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
alignas(16) constexpr uint8_t kOnesThenZeroes[32] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0};

__m128i load(const void* bytes) { return _mm_loadu_si128(static_cast<const __m128i*>(bytes)); }

/// Sixteen digits, as bytes, to their number.
uint64_t join_digits(__m128i digits) {
  const __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));  // 10, 1
  const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));  // 100, 1
  const __m128i packed = _mm_packus_epi32(fours, fours);
  const __m128i eights = _mm_madd_epi16(packed, _mm_set1_epi32(0x00012710));  // 10000, 1
  const auto both = static_cast<uint64_t>(_mm_cvtsi128_si64(eights));
  return (both & 0xffffffffU) * 100'000'000 + (both >> 32U);
}

/// parse_field() on the 16 bytes that end at `end`, all of them readable: what
/// number_fields_avx512.cpp does for eight fields, for one.
bool parse_field_16(const char* at, const char* end, float& out) {
  if (end - at > 16 || at == end) {
    return false;
  }
  const bool negative = *at == '-';
  at += negative ? 1 : 0;
  const auto length = static_cast<size_t>(end - at);
  const __m128i inside = load(kZeroesThenOnes + length);
  const __m128i bytes = load(end - 16);
  const __m128i points = _mm_and_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')), inside);
  const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  __m128i digits = _mm_and_si128(values, _mm_andnot_si128(points, inside));
  const __m128i nine = _mm_set1_epi8(9);
  const auto good =
      static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(digits, nine), nine)));
  const auto point = static_cast<unsigned>(_mm_movemask_epi8(points));
  if (good != 0xffffU || (point & (point - 1)) != 0 || length == (point != 0 ? 1U : 0U)) {
    return false;
  }
  size_t fraction = 0;
  if (point != 0) {
    // Digits left of the point move one place to the right, over it.
    fraction = 15 - static_cast<size_t>(std::countr_zero(point));
    digits = _mm_blendv_epi8(digits, _mm_slli_si128(digits, 1), load(kOnesThenZeroes + fraction));
  }
  const double value = static_cast<double>(join_digits(digits)) / kPowersOfTen[fraction];
  if (is_float_tie(value)) {
    return false;
  }
  const auto magnitude = static_cast<float>(value);
  out = negative ? -magnitude : magnitude;
  return true;
}

#else

bool parse_field_16(const char* at, const char* end, float& out) {
  return parse_field(at, end, out);
}

#endif

uint64_t parse_fields_portable(const char* text, const uint32_t* marks, size_t count,
                               float* out) noexcept {
  uint64_t left = 0;
  for (size_t k = 0; k < count; ++k) {
    const char* const begin = text + (marks[k] + 1U);
    const char* const end = text + marks[k + 1];
    const bool parsed =
        marks[k + 1] < 16 ? parse_field(begin, end, out[k]) : parse_field_16(begin, end, out[k]);
    left |= uint64_t{!parsed} << k;
  }
  return left;
}

}  // namespace

FieldsParser fields_parser(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set >= base::InstructionSet::kAvx512) {
    return avx512::parse_fields;
  }
#elif defined(__aarch64__)
  if (set == base::InstructionSet::kNeon) {
    return neon::parse_fields;
  }
#endif
  (void)set;
  return parse_fields_portable;
}

}  // namespace ringmaker::wire
