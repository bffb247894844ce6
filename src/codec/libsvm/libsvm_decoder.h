// LibsvmDecoder: rows as lists of the features they have, one row a line.
//
//   [label] *( index ":" value )  [ "#" comment ]
//
// The label and "qid:n", which training files have, are ignored. A feature that is not listed has
// the value that the schema gives to absent ones: zero for linear models, missing for trees.
// Indices count from 0, or from 1 where the payload or the model says so; the base is never guessed
// from the payload, because a payload that merely lacks the first feature would be read one column
// off. Blank lines are skipped, unless every line is a row; a line of a label alone is a row.
#pragma once

#include "codec/csv/field_converter.h"
#include "codec/decoder.h"
#include "codec/line_splitter.h"
#include "codec/record_loop.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class LibsvmDecoder final : public Decoder {
 public:
  explicit LibsvmDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] MarkedRecords* marked() noexcept override { return &marked_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return false; }

 private:
  template <class Format>
  friend DecodeProgress decode_records(Format& format, std::string_view piece, bool last,
                                       size_t rows_max, data::BlockWriter& writer);
  [[nodiscard]] RecordFound next_record(std::string_view piece, bool last, size_t& at);
  void put_back() { lines_.put_back(); }
  [[nodiscard]] DecodeStatus finish();
  [[nodiscard]] bool read_record(float* row);
  [[nodiscard]] bool read_feature(std::string_view token, size_t colon, float* row);
  bool fail(DecodeErrorCode code, std::string_view token);

  const data::Schema& schema_;
  LineSplitter lines_;
  FieldConverter converter_;
  size_t line_bytes_max_;
  std::string_view text_;  // the line, without its comment
  bool every_line_is_a_row_ = false;
  uint64_t index_base_ = 0;
  std::vector<uint64_t> row_of_;  // by feature: the row, from 1, that has listed it last
  uint64_t rows_ = 0;
  DecodeError error_;
  MarkedRecords marked_;
};

}  // namespace ringmaker::codec
