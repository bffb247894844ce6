// The delimiter scan with NEON: four loads and twelve compares for 64 bytes.
#include "wire/delimiter_marks.h"
#include "wire/delimiter_scan.h"

#include <arm_neon.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): memcpy, and nothing inline

namespace ringmaker::wire::neon {
namespace {

/// Bytes of ones or zeros to a bit each: every byte keeps the bit of its place among eight, and
/// neighbours are added until eight bytes are one.
inline uint64_t bits_of(uint8x16x4_t bytes) {
  const uint8x16_t places = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201U));
  const uint8x16_t first =
      vpaddq_u8(vandq_u8(bytes.val[0], places), vandq_u8(bytes.val[1], places));
  const uint8x16_t second =
      vpaddq_u8(vandq_u8(bytes.val[2], places), vandq_u8(bytes.val[3], places));
  const uint8x16_t both = vpaddq_u8(first, second);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
}

inline uint64_t equal(uint8x16x4_t bytes, uint8x16_t byte) {
  return bits_of({vceqq_u8(bytes.val[0], byte), vceqq_u8(bytes.val[1], byte),
                  vceqq_u8(bytes.val[2], byte), vceqq_u8(bytes.val[3], byte)});
}

inline DelimiterMasks classify(const char* bytes, uint8x16_t separator) {
  const auto* from = reinterpret_cast<const uint8_t*>(bytes);
  const uint8x16x4_t text = {vld1q_u8(from), vld1q_u8(from + 16), vld1q_u8(from + 32),
                             vld1q_u8(from + 48)};
  return {equal(text, separator), equal(text, vdupq_n_u8('\n')), equal(text, vdupq_n_u8('"'))};
}

}  // namespace

void scan_delimiters(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept {
  const uint8x16_t separator = vdupq_n_u8(static_cast<uint8_t>(scan.separator));
  size_t at = begin;
  for (; at + 64 <= end; at += 64) {
    take(classify(text + at, separator), static_cast<uint32_t>(at), scan);
  }
  if (at < end) {
    // Zero is none of the three.
    alignas(16) char rest[64] = {};
    memcpy(rest, text + at, end - at);
    take(classify(rest, separator), static_cast<uint32_t>(at), scan);
  }
}

}  // namespace ringmaker::wire::neon
