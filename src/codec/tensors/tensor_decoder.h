// TensorDecoder: a request of the Open Inference Protocol (V2) to rows, wherever it is cut.
//
//   {"id": "7", "inputs": [{"name": "x", "shape": [2, 3], "datatype": "FP32",
//                           "data": [1, 2, 3, 4, 5, 6]}]}          or [[1, 2, 3], [4, 5, 6]]
//   {"inputs": [{"name": "age", "shape": [2], "datatype": "INT64", "data": [63, 41]},
//               {"name": "mass", "shape": [2, 1], ...}, ...]}      one tensor a feature
//   {...}bytes            with the binary tensor extension: values of tensors that have a
//                         "binary_data_size" among their parameters follow the JSON, in order
//   BYTES are texts: "data": ["red", "green"], or bytes that each have their number before them
//   "outputs": [{"name": "probability", "parameters": {"binary_data": true}}, ...]
//
// A tensor of whole rows is read row by row as it arrives, whatever its size. Tensors of one
// feature each are gathered, because the first row is complete only with the last of them; so is
// the text of data that stands before its shape. Both are bounded.
#pragma once

#include "codec/category_index.h"
#include "codec/decoder.h"
#include "codec/json/json_splitter.h"
#include "codec/tensors/member_text.h"
#include "codec/tensors/tensor_bytes.h"
#include "codec/tensors/tensor_data.h"
#include "codec/tensors/tensor_head.h"
#include "codec/tensors/tensor_set.h"
#include "codec/tensors/tensor_sink.h"
#include "codec/tensors/tensor_values.h"
#include "codec/tensors/tensor_wishes.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class TensorDecoder final : public Decoder {
 public:
  /// Of text that stands before its shape.
  static constexpr uint64_t kGatheredBytesMax = TensorSet::kGatheredBytesMax;
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
  [[nodiscard]] uint64_t bytes_gathered() const noexcept override {
    return set_.columns().bytes_held() + data_.bytes_in_hand();
  }
  [[nodiscard]] bool ignored_columns() const noexcept override { return set_.ignored_columns(); }
  [[nodiscard]] std::optional<std::string_view> outputs() const noexcept override {
    return said_all() ? wishes_.outputs() : std::nullopt;
  }
  [[nodiscard]] std::string_view id() const noexcept override { return wishes_.id(); }
  [[nodiscard]] bool wants_bytes(size_t place) const noexcept override {
    return said_all() && wishes_.wants_bytes(place);
  }

 private:
  using Role = TensorHead::Role;
  enum class Stage : uint8_t { kJson, kBytes, kColumns, kDone };
  /// What the content of a member, or of an array's element, is.
  enum class Purpose : uint8_t { kMember, kOutput, kData };

  /// What the JSON says is known.
  [[nodiscard]] bool said_all() const noexcept { return stage_ != Stage::kJson; }
  // Each says how it ended; kNeedMore: go on.
  DecodeStatus read_json(std::string_view text, size_t& at, bool last, TensorSink& sink);
  DecodeStatus take_token(JsonSplitter::Token token, uint64_t byte);
  DecodeStatus begin_array();
  DecodeStatus end_content(bool value);
  DecodeStatus end_request_member();
  DecodeStatus end_tensor_member(bool list);
  DecodeStatus begin_tensor();
  DecodeStatus settle();
  DecodeStatus read_data(TensorSink& sink, bool all);
  DecodeStatus read_rows(TensorSink& sink, uint64_t rows_max);
  DecodeStatus end_data();
  DecodeStatus end_tensor();
  DecodeStatus finish_json(uint64_t byte);
  DecodeStatus read_bytes(std::string_view piece, size_t& at, bool last, TensorSink& sink);
  DecodeStatus write_columns(TensorSink& sink);

  DecodeStatus fail(DecodeErrorCode code, std::string_view text, uint64_t byte = 0);
  /// About the tensor in hand.
  DecodeStatus fail_tensor(std::string_view text);

  CategoryIndex categories_;
  JsonSplitter splitter_;
  wire::JsonEvents events_;
  MemberText text_{events_};
  TensorValues values_;
  TensorData data_;
  TensorSet set_;
  TensorBytes bytes_;
  TensorWishes wishes_;

  Stage stage_ = Stage::kJson;
  std::optional<uint64_t> json_bytes_;  // absent: all of the payload
  Purpose purpose_ = Purpose::kMember;
  bool inputs_seen_ = false;
  bool outputs_seen_ = false;

  TensorHead tensor_;
  bool data_ended_ = false;    // its array is complete; not all of it may be read
  bool tensor_ended_ = false;  // the same of its object
  std::vector<double> ignored_;

  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  uint64_t rows_ = 0;
  uint64_t columns_written_ = 0;
  std::optional<DecodeError> failed_;  // to be told once the data in hand are read
  DecodeError error_;
};

}  // namespace ringmaker::codec
