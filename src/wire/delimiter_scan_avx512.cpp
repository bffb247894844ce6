// The delimiter scan with AVX-512: one load and three compares for 64 bytes.
#include "wire/delimiter_marks.h"
#include "wire/delimiter_scan.h"

#include <immintrin.h>

namespace ringmaker::wire::avx512 {
namespace {

inline DelimiterMasks classify(__m512i bytes, __m512i separator) {
  return {_mm512_cmpeq_epi8_mask(bytes, separator),
          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))};
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
