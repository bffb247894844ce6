// TensorDecoder: a request of the Open Inference Protocol (V2) to rows, wherever it is cut.
//
//   {"id": "7", "inputs": [{"name": "x", "shape": [2, 3], "datatype": "FP32",
//                           "data": [1, 2, 3, 4, 5, 6]}]}          or [[1, 2, 3], [4, 5, 6]]
//   {"inputs": [{"name": "age", "shape": [2], "datatype": "INT64", "data": [63, 41]},
//               {"name": "mass", "shape": [2, 1], ...}, ...]}      one tensor a feature
//   {...}bytes            with the binary tensor extension: values of tensors that have a
//                         "binary_data_size" among their parameters follow the JSON, in order
//   "outputs": [{"name": "probability", "parameters": {"binary_data": true}}, ...]
//
// A tensor of whole rows is read row by row as it arrives, whatever its size. Tensors of one
// feature each are gathered, because the first row is complete only with the last of them; so is
// the text of data that stands before its shape. Both are bounded.
#pragma once

#include "codec/decoder.h"
#include "codec/feature_index.h"
#include "codec/json/json_splitter.h"
#include "codec/tensors/tensor_columns.h"
#include "codec/tensors/tensor_data.h"
#include "codec/tensors/tensor_head.h"
#include "codec/tensors/tensor_member.h"
#include "codec/tensors/tensor_values.h"
#include "codec/tensors/tensor_wishes.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class TensorDecoder final : public Decoder {
 public:
  /// Of columns, as doubles, and of text that stands before its shape.
  static constexpr uint64_t kGatheredBytesMax = uint64_t{64} << 20U;
  /// Of what is neither data nor a list: names, shapes, parameters.
  static constexpr size_t kMemberBytesMax = size_t{64} << 10U;
  /// A row may have so much text.
  [[nodiscard]] static size_t row_bytes_max(size_t features) noexcept {
    return (size_t{1} << 20U) + features * 1024;
  }

  explicit TensorDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return ignored_columns_; }
  [[nodiscard]] std::optional<std::string_view> outputs() const noexcept override {
    return said_all() ? wishes_.outputs() : std::nullopt;
  }
  [[nodiscard]] std::string_view id() const noexcept override { return wishes_.id(); }
  [[nodiscard]] BinaryOutputs binary_outputs() const noexcept override {
    return said_all() ? wishes_.binary_outputs() : BinaryOutputs::kNone;
  }

 private:
  using Role = TensorHead::Role;
  enum class Stage : uint8_t { kJson, kBytes, kColumns, kDone };
  /// What the content of a member, or of an array's element, is.
  enum class Purpose : uint8_t { kMember, kOutput, kData };
  struct Sink {
    data::BlockWriter& writer;
    size_t rows_max = 0;
    size_t rows = 0;
  };

  /// What the JSON says is known.
  [[nodiscard]] bool said_all() const noexcept { return stage_ != Stage::kJson; }
  // Each says how it ended; kNeedMore: go on.
  DecodeStatus read_json(std::string_view text, size_t& at, bool last, Sink& sink);
  DecodeStatus take_token(JsonSplitter::Token token, uint64_t byte);
  DecodeStatus begin_array();
  DecodeStatus end_content(bool value);
  DecodeStatus end_request_member();
  DecodeStatus end_tensor_member(bool list);
  DecodeStatus begin_tensor();
  DecodeStatus settle();
  DecodeStatus settle_role();
  DecodeStatus read_data(Sink& sink, bool all);
  DecodeStatus end_data();
  DecodeStatus end_tensor();
  DecodeStatus finish_json(uint64_t byte);
  DecodeStatus read_bytes(std::string_view piece, size_t& at, bool last, Sink& sink);
  DecodeStatus read_bytes_of(TensorHead& tensor, std::string_view piece, size_t& at, Sink& sink);
  bool take_values(TensorHead& tensor, const char* bytes, Sink& sink);
  DecodeStatus begin_columns();
  DecodeStatus write_columns(Sink& sink);

  [[nodiscard]] static DecodeStatus room_in(const Sink& sink) noexcept;
  void commit(size_t rows, Sink& sink);
  bool append_member(std::string_view content, uint64_t byte);
  DecodeStatus parse_member(bool array);
  DecodeStatus fail(DecodeErrorCode code, std::string_view text, uint64_t byte = 0);
  /// About the tensor in hand.
  DecodeStatus fail_tensor(std::string_view text);

  const data::Schema& schema_;
  FeatureIndex features_;
  JsonSplitter splitter_;
  wire::JsonEvents events_;
  TensorMember member_;
  TensorValues values_;
  TensorData data_;
  TensorColumns columns_;
  TensorWishes wishes_;

  Stage stage_ = Stage::kJson;
  std::optional<uint64_t> json_bytes_;  // absent: all of the payload
  Purpose purpose_ = Purpose::kMember;
  std::string text_;        // "[" and the member that is read
  uint64_t text_byte_ = 0;  // where text_[1] stands in the payload
  bool inputs_seen_ = false;
  bool outputs_seen_ = false;

  TensorHead tensor_;
  bool data_ended_ = false;    // its array is complete; not all of it may be read
  bool tensor_ended_ = false;  // the same of its object
  bool rows_tensor_ = false;   // some tensor holds whole rows
  std::optional<uint64_t> column_rows_;
  std::vector<double> ignored_;

  std::vector<TensorHead> in_bytes_;  // whose values follow the JSON
  size_t in_bytes_read_ = 0;
  std::string kept_;  // an incomplete row or value of bytes
  bool ignored_columns_ = false;

  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  uint64_t rows_ = 0;
  uint64_t columns_written_ = 0;
  std::optional<DecodeError> failed_;  // to be told once the data in hand are read
  DecodeError error_;
};

}  // namespace ringmaker::codec
