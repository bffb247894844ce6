// The delimiter scan with AVX2: two loads and six compares for 64 bytes.
#include "wire/delimiter_scan.h"

#include <immintrin.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): memcpy, and nothing inline

namespace ringmaker::wire::avx2 {
namespace {

struct Masks {
  uint64_t separators;
  uint64_t newlines;
  uint64_t quotes;
};

inline uint64_t equal(__m256i low, __m256i high, __m256i byte) {
  const auto first = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte)));
  const auto second = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte)));
  return first | static_cast<uint64_t>(second) << 32U;
}

inline Masks classify(const char* bytes, __m256i separator) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
  return {equal(low, high, separator), equal(low, high, _mm256_set1_epi8('\n')),
          equal(low, high, _mm256_set1_epi8('"'))};
}

/// Bit i becomes the exclusive-or of bits 0 to i. (A carry-less multiply by all ones would do the
/// same, but x86-64-v3 does not promise one, and blocks without quotes skip this.)
inline uint64_t running_parity(uint64_t bits) {
  bits ^= bits << 1U;
  bits ^= bits << 2U;
  bits ^= bits << 4U;
  bits ^= bits << 8U;
  bits ^= bits << 16U;
  return bits ^ bits << 32U;
}

/// Appends base + the position of each set bit, eight at a time: writing some too many is cheaper
/// than a branch for each.
inline void append_marks(uint64_t bits, uint32_t base, DelimiterScan& scan) {
  uint32_t* out = scan.marks + scan.marks_count;
  const auto count = static_cast<size_t>(_mm_popcnt_u64(bits));
  for (size_t i = 0; i < count; i += 8) {
    for (size_t k = 0; k < 8; ++k) {
      out[i + k] = base + static_cast<uint32_t>(_tzcnt_u64(bits));
      bits = _blsr_u64(bits);
    }
  }
  scan.marks_count += count;
}

inline void take(Masks masks, uint32_t base, DelimiterScan& scan) {
  if ((masks.quotes | scan.quoted) != 0) {
    const uint64_t quoted = running_parity(masks.quotes) ^ scan.quoted;
    scan.quoted = static_cast<uint64_t>(static_cast<int64_t>(quoted) >> 63);
    scan.quotes_seen = 1;
    masks.separators &= ~quoted;
    masks.newlines &= ~quoted;
  }
  const uint64_t marks = masks.separators | masks.newlines;
  for (uint64_t left = masks.newlines; left != 0; left = _blsr_u64(left)) {
    const auto before = static_cast<size_t>(_mm_popcnt_u64(marks & _blsmsk_u64(left)));
    scan.rows[scan.rows_count++] = static_cast<uint32_t>(scan.marks_count + before);
  }
  append_marks(marks, base, scan);
}

}  // namespace

void scan_delimiters(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept {
  const __m256i separator = _mm256_set1_epi8(scan.separator);
  size_t at = begin;
  for (; at + 64 <= end; at += 64) {
    take(classify(text + at, separator), static_cast<uint32_t>(at), scan);
  }
  if (at < end) {
    // Zero is none of the three.
    alignas(32) char rest[64] = {};
    memcpy(rest, text + at, end - at);
    take(classify(rest, separator), static_cast<uint32_t>(at), scan);
  }
}

}  // namespace ringmaker::wire::avx2
