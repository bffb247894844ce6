// One field after the other, 16 bytes at a time: what number_fields_avx512.cpp does for eight.
//
// A field is loaded as the 16 bytes that end where it ends, so that its last digit is in the last
// byte. Digits left of the point move one place to the right, over it; four multiply-add steps join
// neighbouring digits, and a division by a power of ten puts the point back.
#include "wire/number_fields.h"
#include "wire/number_parse.h"

#include <arm_neon.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): memcpy, and nothing inline

namespace ringmaker::wire::neon {
namespace {

constexpr double kPowersOfTen[16] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

alignas(16) constexpr uint8_t kPlaces[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// Neighbours become left * scale + right.
inline uint16x8_t join(uint8x16_t digits, uint8_t scale) {
  const uint8x16_t left = vuzp1q_u8(digits, digits);
  const uint8x16_t right = vuzp2q_u8(digits, digits);
  return vmlal_u8(vmovl_u8(vget_low_u8(right)), vget_low_u8(left), vdup_n_u8(scale));
}

inline uint32x4_t join(uint16x8_t pairs, uint16_t scale) {
  const uint16x8_t left = vuzp1q_u16(pairs, pairs);
  const uint16x8_t right = vuzp2q_u16(pairs, pairs);
  return vmlal_n_u16(vmovl_u16(vget_low_u16(right)), vget_low_u16(left), scale);
}

/// Sixteen digits, as bytes, to their number.
inline uint64_t join_digits(uint8x16_t digits) {
  const uint32x4_t fours = join(join(digits, 10), 100);
  const uint64_t first = uint64_t{vgetq_lane_u32(fours, 0)} * 10'000 + vgetq_lane_u32(fours, 1);
  const uint64_t last = uint64_t{vgetq_lane_u32(fours, 2)} * 10'000 + vgetq_lane_u32(fours, 3);
  return first * 100'000'000 + last;
}

/// Four bits a byte, of bytes of ones or zeros.
inline uint64_t nibbles_of(uint8x16_t bytes) {
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0);
}

/// A field without its minus, the last `length` of the bytes.
inline bool parse(uint8x16_t bytes, size_t length, bool negative, float& out) {
  const uint8x16_t places = vld1q_u8(kPlaces);
  const uint8x16_t inside = vcgeq_u8(places, vdupq_n_u8(static_cast<uint8_t>(16 - length)));
  const uint8x16_t points = vandq_u8(vceqq_u8(bytes, vdupq_n_u8('.')), inside);
  const uint8x16_t values = vsubq_u8(bytes, vdupq_n_u8('0'));
  uint8x16_t digits = vandq_u8(values, vbicq_u8(inside, points));
  const uint64_t point = nibbles_of(points);
  const uint64_t lowest = point & (~point + 1);
  // One point at most: its four bits are neighbours.
  if (vmaxvq_u8(digits) > 9 || point != lowest * 0xF || length == (point != 0 ? 1U : 0U)) {
    return false;
  }
  size_t fraction = 0;
  if (point != 0) {
    fraction = 15 - static_cast<size_t>(__builtin_ctzll(point)) / 4;
    const uint8x16_t moved = vextq_u8(vdupq_n_u8(0), digits, 15);
    const uint8x16_t up_to_point =
        vcleq_u8(places, vdupq_n_u8(static_cast<uint8_t>(15 - fraction)));
    digits = vbslq_u8(up_to_point, moved, digits);
  }
  const double value = static_cast<double>(join_digits(digits)) / kPowersOfTen[fraction];
  if (is_float_tie(value)) {
    return false;
  }
  const auto magnitude = static_cast<float>(value);
  out = negative ? -magnitude : magnitude;
  return true;
}

/// Sixteen bytes of which the last are [begin, end), not more than those being read.
inline uint8x16_t load_short(const char* begin, const char* end) {
  uint8_t bytes[16] = {};
  const auto length = static_cast<size_t>(end - begin);
  memcpy(bytes + 16 - length, begin, length);
  return vld1q_u8(bytes);
}

}  // namespace

uint64_t parse_fields(const char* text, const uint32_t* marks, size_t count, float* out) noexcept {
  uint64_t left = 0;
  for (size_t k = 0; k < count; ++k) {
    const char* begin = text + (marks[k] + 1U);
    const char* const end = text + marks[k + 1];
    bool parsed = false;
    if (begin != end && end - begin <= 16) {
      const bool near_start = marks[k + 1] < 16;
      const uint8x16_t bytes = near_start ? load_short(begin, end)
                                          : vld1q_u8(reinterpret_cast<const uint8_t*>(end - 16));
      const bool negative = *begin == '-';
      const auto length = static_cast<size_t>(end - begin) - (negative ? 1 : 0);
      parsed = parse(bytes, length, negative, out[k]);
    }
    left |= uint64_t{!parsed} << k;
  }
  return left;
}

}  // namespace ringmaker::wire::neon
