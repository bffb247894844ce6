// TensorData: the text of one tensor's data, gathered as it arrives and read in parts.
//
//   [1, 2, 3, 4, ...       flat: values between commas
//   ["a", "b,c", ...       texts: each told by itself, for commas may be in it
//   [[1, 2], [3, 4], ...   nested: rows
//
// A part is some 16 KB of whole rows, parsed at once. Where it is in error its values are read
// again one by one: rows before the first wrong value count, and the error does not depend on how
// the payload was cut.
#pragma once

#include "codec/decode_error.h"
#include "codec/tensors/tensor_values.h"
#include "wire/json_events.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. `events` must outlive it.
class TensorData {
 public:
  /// A row may have so many bytes of text.
  TensorData(wire::JsonEvents& events, size_t row_bytes_max)
      : events_(events), row_bytes_max_(row_bytes_max) {}

  /// Another tensor's.
  void begin() noexcept;
  /// More of the array's content, which stands at `byte` of the payload; `flat` for all of it.
  void append(std::string_view content, uint64_t byte, bool flat);
  /// What was appended ends a row, or a text; of flat data, it is all of the array.
  void end_element();

  /// Rows that are whole and not read.
  [[nodiscard]] size_t rows_in_hand(size_t columns) const noexcept {
    return elements() / elements_of_row(columns);
  }
  /// Values in hand that are no whole row.
  [[nodiscard]] size_t values_over(size_t columns) const noexcept {
    return elements() % elements_of_row(columns);
  }
  /// A row that is not whole is longer than it may be.
  [[nodiscard]] bool too_long(size_t columns) const noexcept {
    return rows_in_hand(columns) == 0 && bytes_in_hand() > row_bytes_max_;
  }
  /// Not read yet.
  [[nodiscard]] size_t bytes_in_hand() const noexcept {
    return buffer_.size() - std::min(read_, buffer_.size());
  }
  [[nodiscard]] uint64_t byte() const noexcept { return buffer_byte_ + read_ - 1; }

  struct Read {
    size_t rows = 0;
    bool good = true;
  };
  /// The next rows, at most `rows_max` >= 1 of the rows_in_hand() >= 1, of `columns` values each:
  /// whole ones to `rows`, or else their values to `gathered`. In error: error() is that of the
  /// row behind those read.
  Read read(size_t rows_max, size_t columns, TensorValues& values, float* rows,
            std::vector<double>* gathered);
  [[nodiscard]] const DecodeError& error() const noexcept { return error_; }
  DecodeError& fail_too_long() noexcept;

 private:
  enum class Form : uint8_t { kFlat, kTexts, kNested };
  struct Part {
    size_t end = 0;
    size_t rows = 0;
  };
  /// Whole and not read: rows of nested data, else values.
  [[nodiscard]] size_t elements() const noexcept {
    return form_ == Form::kFlat ? commas_ : ends_.size() - ends_read_;
  }
  [[nodiscard]] size_t elements_of_row(size_t columns) const noexcept {
    return form_ == Form::kNested ? 1 : columns;
  }
  [[nodiscard]] Part flat_part(size_t rows_max, size_t columns) const;
  [[nodiscard]] Part told_part(size_t rows_max, size_t columns) const;
  [[nodiscard]] bool parse(size_t begin, size_t end, TensorValues& values);
  Read read_one_by_one(const Part& part, size_t columns, TensorValues& values);
  void drop(const Part& part, size_t columns);

  wire::JsonEvents& events_;
  size_t row_bytes_max_;
  std::string buffer_;        // "[" and the content, with a comma behind each element that is whole
  uint64_t buffer_byte_ = 0;  // where buffer_[1] stands in the payload
  size_t read_ = 1;           // of buffer_
  Form form_ = Form::kNested;
  std::vector<size_t> ends_;  // of rows or texts
  size_t ends_read_ = 0;
  size_t commas_ = 0;  // in flat data, not read
  DecodeError error_;
};

}  // namespace ringmaker::codec
