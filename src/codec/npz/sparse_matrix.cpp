#include "codec/npz/sparse_matrix.h"

#include "codec/npy/npy_value.h"

#include <algorithm>
#include <utility>

namespace ringmaker::codec {
namespace {

constexpr std::array<std::string_view, kSparseArrays> kNames{
    "data", "format", "shape", "indices", "indptr", "row", "col", "offsets", "_is_array"};
constexpr size_t kKeptValues = size_t{1} << 18U;

template <class T>
void let_go(std::vector<T>& values) noexcept {
  values.clear();
  if (values.capacity() > kKeptValues) {
    std::vector<T>().swap(values);
  }
}

const std::string& file_of(const SparseFiles& files, SparseArray array) noexcept {
  return files[static_cast<size_t>(array)];
}

/// The text of an array of one text: what stands behind its header, whose kind is of no interest.
/// Texts of four bytes a character, as Python 3 has them, are read too.
std::string text_in(std::string_view file) {
  std::string text;
  for (const char c : file.substr(std::min(file.rfind('\n'), file.size()))) {
    if (static_cast<unsigned char>(c) > ' ') {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string_view name(SparseArray array) noexcept { return kNames[static_cast<size_t>(array)]; }

std::optional<SparseArray> sparse_array_named(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<SparseArray>(found - kNames.begin()));
}

void SparseMatrix::clear() noexcept {
  rows_ = 0;
  columns_ = 0;
  let_go(row_of_);
  let_go(column_of_);
  let_go(begins_);
  let_go(entries_);
}

std::optional<SparseMatrix::Problem> SparseMatrix::read(const SparseFiles& files) {
  clear();
  if (file_of(files, SparseArray::kFormat).empty()) {
    return Problem{SparseArray::kFormat, "a sparse matrix lacks this array"};
  }
  const std::string format = text_in(file_of(files, SparseArray::kFormat));
  if (format != "csr" && format != "csc" && format != "coo") {
    return Problem{SparseArray::kFormat, "the sparse matrix is none of csr, csc and coo"};
  }
  if (const auto problem = read_shape(files)) {
    return problem;
  }
  if (const auto problem =
          format == "coo" ? read_places(files) : read_compressed(files, format == "csr")) {
    return problem;
  }
  return read_data(files);
}

std::optional<SparseMatrix::Problem> SparseMatrix::open(const SparseFiles& files, SparseArray array,
                                                        Values& values) {
  const std::string& file = file_of(files, array);
  if (file.empty()) {
    return Problem{array, "a sparse matrix lacks this array"};
  }
  const NpyParse parse = parse_npy_header(file);
  if (parse.verdict == NpyVerdict::kRefused) {
    return Problem{array, parse.problem};
  }
  if (parse.verdict == NpyVerdict::kNeedMore || !parse.header.one_dimension ||
      parse.header.columns != (file.size() - parse.consumed) / parse.header.item_bytes ||
      (file.size() - parse.consumed) % parse.header.item_bytes != 0) {
    return Problem{array, "it is no array of one dimension, or not as long as it says"};
  }
  values = {parse.header, file.data() + parse.consumed, parse.header.columns};
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_shape(const SparseFiles& files) {
  Values shape;
  if (const auto problem = open(files, SparseArray::kShape, shape)) {
    return problem;
  }
  const auto rows = shape.count == 2 ? npy_index(shape.header, shape.item(0)) : std::nullopt;
  const auto columns = shape.count == 2 ? npy_index(shape.header, shape.item(1)) : std::nullopt;
  if (!rows || !columns) {
    return Problem{SparseArray::kShape, "it is not the numbers of rows and columns"};
  }
  if (*rows > kRowsMax || *columns > kRowsMax) {
    return Problem{SparseArray::kShape, "a sparse matrix has 4194304 rows and columns at most"};
  }
  rows_ = *rows;
  columns_ = *columns;
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_indices(const SparseFiles& files,
                                                                SparseArray array, uint64_t below,
                                                                std::vector<uint32_t>& indices) {
  Values values;
  if (const auto problem = open(files, array, values)) {
    return problem;
  }
  indices.reserve(values.count);
  for (uint64_t i = 0; i < values.count; ++i) {
    const auto index = npy_index(values.header, values.item(i));
    if (!index || *index >= below) {
      return Problem{array, "a value is no place within the sparse matrix"};
    }
    indices.push_back(static_cast<uint32_t>(*index));
  }
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_compressed(const SparseFiles& files,
                                                                   bool by_row) {
  std::vector<uint32_t>& inner = by_row ? column_of_ : row_of_;
  std::vector<uint32_t>& outer = by_row ? row_of_ : column_of_;
  const uint64_t groups = by_row ? rows_ : columns_;
  if (const auto problem =
          read_indices(files, SparseArray::kIndices, by_row ? columns_ : rows_, inner)) {
    return problem;
  }
  std::vector<uint32_t>& ends = begins_;  // not in use yet
  if (const auto problem = read_indices(files, SparseArray::kIndptr, inner.size() + 1, ends)) {
    return problem;
  }
  if (ends.size() != groups + 1 || ends.front() != 0 || ends.back() != inner.size() ||
      !std::ranges::is_sorted(ends)) {
    return Problem{SparseArray::kIndptr, "it does not divide the indices into rows or columns"};
  }
  outer.reserve(inner.size());
  for (size_t group = 0; group < groups; ++group) {
    outer.resize(ends[group + 1], static_cast<uint32_t>(group));
  }
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_places(const SparseFiles& files) {
  if (const auto problem = read_indices(files, SparseArray::kRow, rows_, row_of_)) {
    return problem;
  }
  if (const auto problem = read_indices(files, SparseArray::kCol, columns_, column_of_)) {
    return problem;
  }
  if (row_of_.size() != column_of_.size()) {
    return Problem{SparseArray::kCol, "it is not as long as the array of rows"};
  }
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_data(const SparseFiles& files) {
  Values data;
  if (const auto problem = open(files, SparseArray::kData, data)) {
    return problem;
  }
  if (data.count != row_of_.size()) {
    return Problem{SparseArray::kData, "it is not as long as the array of its places"};
  }
  // Sorted by counting, which keeps the order within a row.
  begins_.assign(rows_ + 1, 0);
  for (const uint32_t row : row_of_) {
    ++begins_[row + 1];
  }
  for (size_t row = 0; row < rows_; ++row) {
    begins_[row + 1] += begins_[row];
  }
  entries_.resize(data.count);
  for (uint64_t i = 0; i < data.count; ++i) {
    const float value = npy_float(data.header, data.item(i));
    if (is_npy_overflow(data.header, data.item(i), value)) {
      return Problem{SparseArray::kData, "a value is too large for a 32-bit float"};
    }
    entries_[begins_[row_of_[i]]++] = {column_of_[i], value};
  }
  for (size_t row = rows_; row > 0; --row) {
    begins_[row] = begins_[row - 1];
  }
  begins_[0] = 0;
  return std::nullopt;
}

}  // namespace ringmaker::codec
