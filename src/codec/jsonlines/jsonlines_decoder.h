// JsonLinesDecoder: one instance a line, each in any of the shapes of JsonRowReader.
//
//   {"features": [1, 2, 3]}
//   {"data": {"features": {"keys": [0, 2], "shape": [3], "values": [1, 3]}}}
//   [1, 2, 3]
//
// Shapes may differ from line to line. Blank lines are skipped, unless every line is a row. A
// line is parsed on its own, so that a value never ends on another line than it began.
#pragma once

#include "codec/decoder.h"
#include "codec/json/json_row_reader.h"
#include "codec/line_splitter.h"
#include "codec/record_loop.h"
#include "wire/json_events.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

class JsonLinesDecoder final : public Decoder {
 public:
  explicit JsonLinesDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] MarkedRecords* marked() noexcept override { return &marked_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return reader_.ignored_columns(); }

 private:
  template <class Format>
  friend DecodeProgress decode_records(Format& format, std::string_view piece, bool last,
                                       size_t rows_max, data::BlockWriter& writer);
  [[nodiscard]] RecordFound next_record(std::string_view piece, bool last, size_t& at);
  void put_back();
  [[nodiscard]] DecodeStatus finish();
  [[nodiscard]] bool read_record(float* row);
  DecodeStatus fail(DecodeErrorCode code, uint64_t byte);

  LineSplitter lines_;
  JsonRowReader reader_;
  wire::JsonEvents events_;
  std::string text_;  // the line between brackets, and padding
  size_t line_bytes_max_;
  bool every_line_is_a_row_ = false;
  bool too_long_ = false;  // the line found
  uint64_t rows_ = 0;
  DecodeError error_;
  MarkedRecords marked_;
};

}  // namespace ringmaker::codec
