// NpyHeader: what stands before the values of a NumPy array file.
//
//   "\x93NUMPY"  major  minor  header bytes (u16 in version 1, u32 in 2 and 3, little-endian)
//   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }  blanks  "\n"
//
// Source: numpy.lib.format, versions 1.0, 2.0 and 3.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

struct NpyHeader {
  enum class Kind : uint8_t { kFloat, kSigned, kUnsigned, kBool };

  Kind kind = Kind::kFloat;
  size_t item_bytes = 4;  // 1, 2, 4 or 8
  bool big_endian = false;
  bool fortran_order = false;
  uint64_t rows = 0;  // an array of one dimension is one row
  uint64_t columns = 0;
  bool one_dimension = false;
};

inline constexpr size_t kNpyPreambleBytes = 12;  // at most, of all versions
inline constexpr size_t kNpyHeaderBytesMax = 64 * 1024;

enum class NpyVerdict : uint8_t { kNeedMore, kComplete, kRefused };

struct NpyParse {
  NpyVerdict verdict = NpyVerdict::kNeedMore;
  size_t consumed = 0;            // preamble and header
  std::string_view problem = {};  // why it is refused: a sentence without its stop
  NpyHeader header = {};
};

/// `bytes` begin the file; parse again with more after kNeedMore. Refused as soon as it is known.
[[nodiscard]] NpyParse parse_npy_header(std::string_view bytes) noexcept;

/// Appends the header of an array of float32 in C order; `columns` 0: of one dimension.
void append_npy_header(uint64_t rows, uint64_t columns, std::string& out);

}  // namespace ringmaker::codec
