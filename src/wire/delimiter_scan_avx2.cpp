// The delimiter scan with AVX2: two loads and six compares for 64 bytes.
#include "wire/delimiter_marks.h"
#include "wire/delimiter_scan.h"

#include <immintrin.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): memcpy, and nothing inline

namespace ringmaker::wire::avx2 {
namespace {

inline uint64_t equal(__m256i low, __m256i high, __m256i byte) {
  const auto first = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte)));
  const auto second = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte)));
  return first | static_cast<uint64_t>(second) << 32U;
}

inline DelimiterMasks classify(const char* bytes, __m256i separator) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
  return {equal(low, high, separator), equal(low, high, _mm256_set1_epi8('\n')),
          equal(low, high, _mm256_set1_epi8('"'))};
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
