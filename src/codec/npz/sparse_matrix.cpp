#include "codec/npz/sparse_matrix.h"

#include "codec/npy/npy_value.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

constexpr std::array<std::string_view, kSparseArrays> kNames{
    "data", "format", "shape", "indices", "indptr", "row", "col", "offsets", "_is_array"};
constexpr size_t kKeptValues = size_t{1} << 18U;
constexpr SparseMatrix::Problem kNoDivision{SparseArray::kIndptr,
                                            "it does not divide the indices into rows or columns"};

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
  files_ = nullptr;
  stage_ = Stage::kRead;
  let_go(row_of_);
  let_go(column_of_);
  let_go(ends_);
  entry_count_ = 0;
  if (entries_room_ > kKeptValues) {
    entries_.reset();
    entries_room_ = 0;
  }
}

std::optional<SparseMatrix::Problem> SparseMatrix::begin(const SparseFiles& files) {
  clear();
  files_ = &files;
  if (file_of(files, SparseArray::kFormat).empty()) {
    return Problem{SparseArray::kFormat, "a sparse matrix lacks this array"};
  }
  const std::string format = text_in(file_of(files, SparseArray::kFormat));
  if (format == "csr") {
    layout_ = Layout::kByRow;
  } else if (format == "csc") {
    layout_ = Layout::kByColumn;
  } else if (format == "coo") {
    layout_ = Layout::kByPlace;
  } else {
    return Problem{SparseArray::kFormat, "the sparse matrix is none of csr, csc and coo"};
  }
  if (const auto problem = read_shape()) {
    return problem;
  }
  return enter(Stage::kInner);
}

std::optional<SparseMatrix::Problem> SparseMatrix::advance(size_t steps_max) {
  size_t steps_left = steps_max;
  while (!is_read() && steps_left > 0) {
    if (const auto problem = work(steps_left)) {
      return problem;
    }
    if (!stage_done_) {
      continue;
    }
    if (const auto problem = enter(static_cast<Stage>(static_cast<uint8_t>(stage_) + 1))) {
      return problem;
    }
  }
  return std::nullopt;
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

std::optional<SparseMatrix::Problem> SparseMatrix::read_shape() {
  Values shape;
  if (const auto problem = open(*files_, SparseArray::kShape, shape)) {
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

/// What is known before its first step.
std::optional<SparseMatrix::Problem> SparseMatrix::enter(Stage stage) {
  stage_ = stage;
  stage_done_ = false;
  at_ = 0;
  group_ = 0;
  const bool by_place = layout_ == Layout::kByPlace;
  switch (stage) {
    case Stage::kInner:
      return open(*files_, by_place ? SparseArray::kRow : SparseArray::kIndices, values_);
    case Stage::kOuter:
      return open(*files_, by_place ? SparseArray::kCol : SparseArray::kIndptr, values_);
    case Stage::kSpread:
      return check_outer();
    case Stage::kClear:
      ends_.clear();
      ends_.reserve(rows_ + 1);
      break;
    case Stage::kPlace:
      if (const auto problem = open(*files_, SparseArray::kData, values_)) {
        return problem;
      }
      if (values_.count != row_of_.size()) {
        return Problem{SparseArray::kData, "it is not as long as the array of its places"};
      }
      entry_count_ = values_.count;
      if (entry_count_ > entries_room_) {
        entries_ = std::make_unique_for_overwrite<Entry[]>(entry_count_);
        entries_room_ = entry_count_;
      }
      break;
    case Stage::kRead:
      let_go(row_of_);
      let_go(column_of_);
      files_ = nullptr;
      break;
    case Stage::kCount:
    case Stage::kSum:
      break;
  }
  return std::nullopt;
}

/// The arrays of places are read.
std::optional<SparseMatrix::Problem> SparseMatrix::check_outer() const {
  if (layout_ == Layout::kByPlace) {
    return row_of_.size() == column_of_.size()
               ? std::nullopt
               : std::optional(
                     Problem{SparseArray::kCol, "it is not as long as the array of rows"});
  }
  const uint64_t values = layout_ == Layout::kByRow ? column_of_.size() : row_of_.size();
  const bool divides = ends_.size() == groups() + 1 && ends_.front() == 0 && ends_.back() == values;
  return divides ? std::nullopt : std::optional(kNoDivision);
}

template <class Step>
void SparseMatrix::go_on(uint64_t end, size_t& steps_left, Step&& step) {
  const uint64_t stop = std::min<uint64_t>(end, at_ + steps_left);
  steps_left -= stop - at_;
  for (; at_ < stop; ++at_) {
    step(at_);
  }
  stage_done_ = at_ == end;
}

std::optional<SparseMatrix::Problem> SparseMatrix::work(size_t& steps_left) {
  const bool by_row = layout_ == Layout::kByRow;
  switch (stage_) {
    case Stage::kInner:
      return layout_ == Layout::kByPlace
                 ? read_indices(SparseArray::kRow, rows_, row_of_, steps_left)
                 : read_indices(SparseArray::kIndices, by_row ? columns_ : rows_,
                                by_row ? column_of_ : row_of_, steps_left);
    case Stage::kOuter: {
      if (layout_ == Layout::kByPlace) {
        return read_indices(SparseArray::kCol, columns_, column_of_, steps_left);
      }
      const size_t before = ends_.size();
      const uint64_t values = by_row ? column_of_.size() : row_of_.size();
      if (const auto problem = read_indices(SparseArray::kIndptr, values + 1, ends_, steps_left)) {
        return problem;
      }
      const auto from = ends_.begin() + static_cast<std::ptrdiff_t>(before > 0 ? before - 1 : 0);
      return std::is_sorted(from, ends_.end()) ? std::nullopt : std::optional(kNoDivision);
    }
    case Stage::kSpread: {
      std::vector<uint32_t>& outer = by_row ? row_of_ : column_of_;
      const uint64_t values = layout_ == Layout::kByPlace ? 0 : ends_.back();
      go_on(values, steps_left, [&](uint64_t i) {
        while (ends_[group_ + 1] <= i) {
          ++group_;
        }
        outer.push_back(static_cast<uint32_t>(group_));
      });
      break;
    }
    case Stage::kClear:
      go_on(rows_ + 1, steps_left, [this](uint64_t) { ends_.push_back(0); });
      break;
    case Stage::kCount:
      // Of the row before, so that what is summed is where each row begins.
      go_on(row_of_.size(), steps_left, [this](uint64_t i) { ++ends_[row_of_[i] + 1]; });
      break;
    case Stage::kSum:
      go_on(rows_, steps_left, [this](uint64_t row) { ends_[row + 1] += ends_[row]; });
      break;
    case Stage::kPlace:
      return place(steps_left);
    case Stage::kRead:
      break;
  }
  return std::nullopt;
}

std::optional<SparseMatrix::Problem> SparseMatrix::read_indices(SparseArray array, uint64_t below,
                                                                std::vector<uint32_t>& indices,
                                                                size_t& steps_left) {
  if (at_ == 0) {
    indices.reserve(values_.count);
  }
  bool outside = false;
  go_on(values_.count, steps_left, [&](uint64_t i) {
    const auto index = npy_index(values_.header, values_.item(i));
    outside |= !index || *index >= below;
    indices.push_back(static_cast<uint32_t>(index.value_or(0)));
  });
  return outside ? std::optional(Problem{array, "a value is no place within the sparse matrix"})
                 : std::nullopt;
}

/// Sorted by counting, which keeps the order within a row: where a row begins becomes where it
/// ends.
std::optional<SparseMatrix::Problem> SparseMatrix::place(size_t& steps_left) {
  bool too_large = false;
  go_on(values_.count, steps_left, [&](uint64_t i) {
    const float value = npy_float(values_.header, values_.item(i));
    too_large |= is_npy_overflow(values_.header, values_.item(i), value);
    entries_[ends_[row_of_[i]]++] = {column_of_[i], value};
  });
  return too_large
             ? std::optional(Problem{SparseArray::kData, "a value is too large for a 32-bit float"})
             : std::nullopt;
}

}  // namespace ringmaker::codec
