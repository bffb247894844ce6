// The delimiter scan with AVX-512: one load and three compares for 64 bytes.
#include "wire/delimiter_scan.h"

#include <immintrin.h>

namespace ringmaker::wire::avx512 {
namespace {

struct Masks {
  uint64_t separators;
  uint64_t newlines;
  uint64_t quotes;
};

inline Masks classify(__m512i bytes, __m512i separator) {
  return {_mm512_cmpeq_epi8_mask(bytes, separator),
          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))};
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
  const __m512i separator = _mm512_set1_epi8(scan.separator);
  size_t at = begin;
  for (; at + 64 <= end; at += 64) {
    take(classify(_mm512_loadu_si512(text + at), separator), static_cast<uint32_t>(at), scan);
  }
  if (at < end) {
    // A masked byte is not read, and zero is none of the three.
    const __mmask64 inside = ~uint64_t{0} >> (64 - (end - at));
    const __m512i bytes = _mm512_maskz_loadu_epi8(inside, text + at);
    take(classify(bytes, separator), static_cast<uint32_t>(at), scan);
  }
}

}  // namespace ringmaker::wire::avx512
