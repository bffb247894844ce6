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
#include <memory>
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
  /// Reads `files`, which must stay as they are until is_read(). Nothing: there is no problem so
  /// far.
  [[nodiscard]] std::optional<Problem> begin(const SparseFiles& files);
  /// As much of the work as `steps_max` says, of a few nanoseconds each. When it is read, no place
  /// is outside of the shape, and nothing depends on the files.
  [[nodiscard]] std::optional<Problem> advance(size_t steps_max);
  [[nodiscard]] bool is_read() const noexcept { return stage_ == Stage::kRead; }

  [[nodiscard]] uint64_t bytes_held() const noexcept {
    return (row_of_.size() + column_of_.size() + ends_.size()) * sizeof(uint32_t) +
           entry_count_ * sizeof(Entry);
  }
  [[nodiscard]] uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] uint64_t columns() const noexcept { return columns_; }
  /// In the order of the file.
  [[nodiscard]] const Entry* row_begin(uint64_t row) const noexcept {
    return entries_.get() + (row == 0 ? 0 : ends_[row - 1]);
  }
  [[nodiscard]] const Entry* row_end(uint64_t row) const noexcept {
    return entries_.get() + ends_[row];
  }

 private:
  /// What is done next, in this order; coo has nothing to spread.
  enum class Stage : uint8_t { kInner, kOuter, kSpread, kClear, kCount, kSum, kPlace, kRead };
  enum class Layout : uint8_t { kByRow, kByColumn, kByPlace };

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
  [[nodiscard]] std::optional<Problem> read_shape();
  [[nodiscard]] std::optional<Problem> enter(Stage stage);
  [[nodiscard]] std::optional<Problem> work(size_t& steps_left);
  [[nodiscard]] std::optional<Problem> read_indices(SparseArray array, uint64_t below,
                                                    std::vector<uint32_t>& indices,
                                                    size_t& steps_left);
  [[nodiscard]] std::optional<Problem> place(size_t& steps_left);
  [[nodiscard]] std::optional<Problem> check_outer() const;
  [[nodiscard]] uint64_t groups() const noexcept {
    return layout_ == Layout::kByRow ? rows_ : columns_;
  }
  template <class Step>
  void go_on(uint64_t end, size_t& steps_left, Step&& step);

  uint64_t rows_ = 0;
  uint64_t columns_ = 0;
  const SparseFiles* files_ = nullptr;  // until it is read
  Layout layout_ = Layout::kByRow;
  Stage stage_ = Stage::kRead;
  bool stage_done_ = false;
  uint64_t at_ = 0;  // within the stage
  size_t group_ = 0;
  Values values_;                    // of the stage's array
  std::vector<uint32_t> row_of_;     // each value's, in the order of the file
  std::vector<uint32_t> column_of_;  // the same
  std::vector<uint32_t> ends_;       // of the groups of the file, then of the rows' entries
  std::unique_ptr<Entry[]> entries_;
  uint64_t entry_count_ = 0;
  uint64_t entries_room_ = 0;
};

}  // namespace ringmaker::codec
