#include "wire/delimiter_scan.h"

namespace ringmaker::wire {

#if defined(__x86_64__)
namespace avx2 {
void scan_delimiters(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept;
}  // namespace avx2
namespace avx512 {
void scan_delimiters(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept;
}  // namespace avx512
#elif defined(__aarch64__)
namespace neon {
void scan_delimiters(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept;
}  // namespace neon
#endif

namespace {

/// The definition of what the vector scanners do.
void scan_portable(const char* text, size_t begin, size_t end, DelimiterScan& scan) noexcept {
  bool quoted = scan.quoted != 0;
  for (size_t i = begin; i < end; ++i) {
    const char c = text[i];
    if (c == '"') {
      quoted = !quoted;
      scan.quotes_seen = 1;
    } else if (!quoted && (c == scan.separator || c == '\n')) {
      scan.marks[scan.marks_count++] = static_cast<uint32_t>(i);
      if (c == '\n') {
        scan.rows[scan.rows_count++] = static_cast<uint32_t>(scan.marks_count);
      }
    }
  }
  scan.quoted = quoted ? ~uint64_t{0} : 0;
}

}  // namespace

DelimiterScanner delimiter_scanner(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set >= base::InstructionSet::kAvx512) {
    return avx512::scan_delimiters;
  }
  if (set >= base::InstructionSet::kAvx2) {
    return avx2::scan_delimiters;
  }
#elif defined(__aarch64__)
  if (set == base::InstructionSet::kNeon) {
    return neon::scan_delimiters;
  }
#endif
  (void)set;
  return scan_portable;
}

}  // namespace ringmaker::wire
