// SparseMatrix: the arrays of a matrix of scipy.sparse, as its save_npz writes them, row by row.
//
//   csr   data indices indptr    the row r has data[indptr[r]..indptr[r + 1]] in columns
//   indices[..] csc   the same by columns coo   data row col           each value with its place
//   and for all  shape (rows, columns)  format (its name)
#pragma once

#include "codec/npy/npy_header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// The names of its arrays; kOffsets and kIsArray are those of kinds that are not read, and of
/// newer versions.
enum class SparseArray : uint8_t {
  kData,
  kFormat,
  kShape,
  kIndices,
  kIndptr,
  kRow,
  kCol,
  kOffsets,
  kIsArray,
};
inline constexpr size_t kSparseArrays = 9;

[[nodiscard]] std::string_view name(SparseArray array) noexcept;
[[nodiscard]] std::optional<SparseArray> sparse_array_named(std::string_view name) noexcept;

/// The NPY files of the arrays; empty where there is none.
using SparseFiles = std::array<std::string, kSparseArrays>;

/// Not thread-safe. Keeps its memory, but for what is large.
class SparseMatrix {
 public:
  static constexpr uint64_t kRowsMax = uint64_t{1} << 22U;

  struct Entry {
    uint32_t column;
    float value;
  };
  struct Problem {
    SparseArray array;
    std::string_view text;  // a sentence without its stop
  };

  void clear() noexcept;
  /// Nothing: it is read. No place is outside of the shape then, and nothing depends on `files`.
  [[nodiscard]] std::optional<Problem> read(const SparseFiles& files);

  [[nodiscard]] uint64_t bytes_held() const noexcept {
    return entries_.size() * sizeof(Entry) + begins_.size() * sizeof(begins_.front());
  }
  [[nodiscard]] uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] uint64_t columns() const noexcept { return columns_; }
  /// In the order of the file.
  [[nodiscard]] const Entry* row_begin(uint64_t row) const noexcept {
    return entries_.data() + begins_[row];
  }
  [[nodiscard]] const Entry* row_end(uint64_t row) const noexcept {
    return entries_.data() + begins_[row + 1];
  }

 private:
  struct Values {
    NpyHeader header;
    const char* first = nullptr;
    uint64_t count = 0;

    [[nodiscard]] const char* item(uint64_t i) const noexcept {
      return first + i * header.item_bytes;
    }
  };

  [[nodiscard]] static std::optional<Problem> open(const SparseFiles& files, SparseArray array,
                                                   Values& values);
  [[nodiscard]] std::optional<Problem> read_shape(const SparseFiles& files);
  [[nodiscard]] std::optional<Problem> read_compressed(const SparseFiles& files, bool by_row);
  [[nodiscard]] std::optional<Problem> read_places(const SparseFiles& files);
  [[nodiscard]] std::optional<Problem> read_data(const SparseFiles& files);
  [[nodiscard]] static std::optional<Problem> read_indices(const SparseFiles& files,
                                                           SparseArray array, uint64_t below,
                                                           std::vector<uint32_t>& indices);

  uint64_t rows_ = 0;
  uint64_t columns_ = 0;
  std::vector<uint32_t> row_of_;     // each value's, in the order of the file
  std::vector<uint32_t> column_of_;  // the same
  std::vector<uint32_t> begins_;     // where each row's entries begin, and where the last ends
  std::vector<Entry> entries_;
};

}  // namespace ringmaker::codec
