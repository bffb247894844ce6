// Where fields and rows end in delimited text: the first of two stages of reading a CSV.
//
// Looks at 64 bytes at a time: one compare each for separator, newline and quote gives three
// 64-bit masks. A running exclusive-or over the quote mask (bit i = parity of the quotes up to i)
// marks the quoted regions, in which separators and newlines are text. What is left are the marks,
// written out as positions. A doubled quote inside quotes flips the parity twice, so it needs no
// care here. Whether quotes stand where they may is for the lexer to say.
#pragma once

#include "base/cpu.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::wire {

/// What one scan takes and leaves; plain memory, shared with the files for one instruction set.
struct DelimiterScan {
  char separator = ',';
  /// All ones while inside quotes, else 0. Carried from one scan to the next.
  uint64_t quoted = 0;
  /// Set to 1 once a quote was seen; never cleared by a scan.
  uint64_t quotes_seen = 0;
  /// Room for one mark a byte scanned and 64 more. Each mark is the offset of a separator or
  /// newline.
  uint32_t* marks = nullptr;
  size_t marks_count = 0;
  /// Room for one entry a byte scanned and 64 more. Each entry is marks_count just after a newline.
  uint32_t* rows = nullptr;
  size_t rows_count = 0;
};

/// Scans text[begin, end) and appends. Reads no other byte. Offsets are relative to `text`.
using DelimiterScanner = void (*)(const char* text, size_t begin, size_t end,
                                  DelimiterScan& scan) noexcept;

[[nodiscard]] DelimiterScanner delimiter_scanner(base::InstructionSet set) noexcept;

}  // namespace ringmaker::wire
