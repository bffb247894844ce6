// JsonDecoder: a JSON payload to rows, in bounded groups of instances, wherever it is cut.
//
//   {"instances": [i, ...]}   {"inputs": [i, ...]}   [i, ...]      i: see JsonRowReader
//   {"instances": [1, 2, 3]}  [1, 2, 3]                            one row
//   {"data": {"features": {"values": [1, 2, 3]}}}  {"features": {...}}     one instance
//   {"age": 1, "mass": 2, "time": 3}                               one row, by the features' names
//   {"columns": ["a", "b"], "data": [[1, 2], ...]}                 columns by name
//   {"data": [[1, 2], ...], "columns": ["a", "b"]}                 see ColumnsAhead
//   {"outputs": ["probability"], ...}  {"outputs": "probability", ...}   what the answer shall hold
// Other members of the outermost object are checked and ignored. Those that hold no container may
// be a row, which is known where the object ends without others.
//
// The splitter finds where instances end. Whole ones are gathered, some 16 KB at a time, and given
// to the parser as one array; only an instance that the end of a piece cuts is kept for the next.
// When a group is in error its instances are read again one by one, so that rows before the first
// wrong one count and the error does not depend on how the payload was cut.
#pragma once

#include "codec/decoder.h"
#include "codec/json/columns_ahead.h"
#include "codec/json/json_row_reader.h"
#include "codec/json/json_splitter.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class JsonDecoder final : public Decoder {
 public:
  explicit JsonDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return reader_.ignored_columns(); }
  [[nodiscard]] std::optional<std::string_view> outputs() const noexcept override {
    return outputs_given_ ? std::optional<std::string_view>(outputs_) : std::nullopt;
  }

  /// An instance, like a row of a CSV, may have this many bytes.
  [[nodiscard]] static size_t instance_bytes_max(size_t features) noexcept {
    return (size_t{1} << 20U) + features * 1024;
  }

 private:
  /// What the elements of the array being read are for.
  enum class Purpose : uint8_t { kRows, kColumns, kOutputs, kIgnored };
  struct Sink {
    data::BlockWriter& writer;
    size_t rows_max = 0;
    size_t rows = 0;
  };

  DecodeStatus read(std::string_view text, size_t& at, uint64_t byte, bool last, Sink& sink);
  DecodeStatus read_held(std::string_view piece, size_t& at, bool last, Sink& sink);
  DecodeStatus take_token(JsonSplitter::Token token, uint64_t byte, Sink& sink);
  DecodeStatus begin_array(uint64_t byte);
  DecodeStatus set_columns();
  DecodeStatus end_element(Sink& sink);
  DecodeStatus end_array(Sink& sink);
  DecodeStatus end_value(Sink& sink);
  DecodeStatus end_instance(Sink& sink);
  DecodeStatus finish(uint64_t byte, Sink& sink);

  DecodeStatus note_outputs();
  void note_by_name();
  DecodeStatus read_by_name(Sink& sink);
  void append(std::string_view content, uint64_t byte);
  /// Reads the whole elements gathered; what is behind them stays.
  DecodeStatus flush(Sink& sink);
  bool read_elements(Sink& sink);
  /// Reads buffer_[begin, end), one element or several.
  bool read_part(size_t begin, size_t end, Sink& sink);
  void commit(size_t rows, Sink& sink);
  [[nodiscard]] size_t partial_bytes() const noexcept;
  /// Parses buffer_[begin, end) as the content of an array. False: error_ is set.
  bool parse(size_t begin, size_t end, wire::JsonHandler& handler);
  DecodeStatus fail(DecodeErrorCode code, uint64_t byte);
  DecodeStatus fail_outputs(std::string_view text, uint64_t byte);
  DecodeStatus fail_shape(std::string_view text, uint64_t byte);
  [[nodiscard]] size_t elements_max(const Sink& sink) const;

  JsonSplitter splitter_;
  JsonRowReader reader_;
  wire::JsonEvents events_;
  ColumnsAhead ahead_;

  std::string buffer_;        // "[" and the elements gathered, joined as they were
  std::vector<size_t> ends_;  // of the whole elements, in buffer_
  uint64_t buffer_byte_ = 0;  // where buffer_[1] stands in the payload
  size_t instance_bytes_max_;

  Purpose purpose_ = Purpose::kIgnored;
  bool rows_seen_ = false;  // some member, or the payload, holds rows
  bool columns_seen_ = false;
  std::vector<std::string> columns_;
  std::string outputs_;  // joined by commas
  bool outputs_seen_ = false;
  bool outputs_given_ = false;  // and there are some
  std::string by_name_;         // "{" and members of the payload that may be a row, with commas
  uint64_t by_name_byte_ = 0;   // where it stands in the payload
  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  uint64_t rows_ = 0;
  DecodeError error_;
};

}  // namespace ringmaker::codec
