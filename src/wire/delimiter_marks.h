// What the delimiter scans of the instruction sets share: from 64 bytes' masks to marks and rows.
//
// Each set's file compiles it for itself: the functions are static, so that no linker hands one
// set's code to another.
#pragma once

#include "wire/delimiter_scan.h"

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#define RM_BIT_INSTRUCTIONS [[gnu::target("bmi,popcnt")]]
#else
#define RM_BIT_INSTRUCTIONS
#endif

namespace ringmaker::wire {

/// Which of 64 bytes are one.
struct DelimiterMasks {
  uint64_t separators;
  uint64_t newlines;
  uint64_t quotes;
};

/// Bit i becomes the exclusive-or of bits 0 to i. (A carry-less multiply by all ones would do the
/// same, but neither x86-64-v3 nor ARM promises one, and blocks without quotes skip this.)
static inline uint64_t running_parity(uint64_t bits) {
  bits ^= bits << 1U;
  bits ^= bits << 2U;
  bits ^= bits << 4U;
  bits ^= bits << 8U;
  bits ^= bits << 16U;
  return bits ^ bits << 32U;
}

#if defined(__x86_64__)

RM_BIT_INSTRUCTIONS static inline size_t ones(uint64_t bits) {
  return static_cast<size_t>(_mm_popcnt_u64(bits));
}

/// 64 where no bit is set.
RM_BIT_INSTRUCTIONS static inline uint32_t lowest_one(uint64_t bits) {
  return static_cast<uint32_t>(_tzcnt_u64(bits));
}

RM_BIT_INSTRUCTIONS static inline uint64_t without_lowest_one(uint64_t bits) {
  return _blsr_u64(bits);
}

RM_BIT_INSTRUCTIONS static inline uint64_t up_to_lowest_one(uint64_t bits) {
  return _blsmsk_u64(bits);
}

#else

static inline size_t ones(uint64_t bits) { return static_cast<size_t>(__builtin_popcountll(bits)); }

/// 64 where no bit is set.
static inline uint32_t lowest_one(uint64_t bits) {
  return bits == 0 ? 64U : static_cast<uint32_t>(__builtin_ctzll(bits));
}

static inline uint64_t without_lowest_one(uint64_t bits) { return bits & (bits - 1); }

static inline uint64_t up_to_lowest_one(uint64_t bits) { return bits ^ (bits - 1); }

#endif

/// Appends base + the position of each set bit, eight at a time: writing some too many is cheaper
/// than a branch for each.
RM_BIT_INSTRUCTIONS static inline void append_marks(uint64_t bits, uint32_t base,
                                                    DelimiterScan& scan) {
  uint32_t* out = scan.marks + scan.marks_count;
  const size_t count = ones(bits);
  for (size_t i = 0; i < count; i += 8) {
    for (size_t k = 0; k < 8; ++k) {
      out[i + k] = base + lowest_one(bits);
      bits = without_lowest_one(bits);
    }
  }
  scan.marks_count += count;
}

RM_BIT_INSTRUCTIONS static inline void take(DelimiterMasks masks, uint32_t base,
                                            DelimiterScan& scan) {
  if ((masks.quotes | scan.quoted) != 0) {
    const uint64_t quoted = running_parity(masks.quotes) ^ scan.quoted;
    scan.quoted = static_cast<uint64_t>(static_cast<int64_t>(quoted) >> 63);
    scan.quotes_seen = 1;
    masks.separators &= ~quoted;
    masks.newlines &= ~quoted;
  }
  const uint64_t marks = masks.separators | masks.newlines;
  for (uint64_t left = masks.newlines; left != 0; left = without_lowest_one(left)) {
    const size_t before = ones(marks & up_to_lowest_one(left));
    scan.rows[scan.rows_count++] = static_cast<uint32_t>(scan.marks_count + before);
  }
  append_marks(marks, base, scan);
}

}  // namespace ringmaker::wire

#undef RM_BIT_INSTRUCTIONS
