// TensorBytes: the values that follow a request's JSON as bytes, one tensor's behind another's.
//
//   FP32 and the like: each value in as many little-endian bytes as its datatype has, row by row
//   BYTES:             each text behind the number of its bytes, a little-endian uint32
#pragma once

#include "codec/category_index.h"
#include "codec/decode_error.h"
#include "codec/decoder.h"
#include "codec/tensors/tensor_columns.h"
#include "codec/tensors/tensor_head.h"
#include "codec/tensors/tensor_sink.h"
#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. What it is made with must outlive it.
class TensorBytes {
 public:
  static constexpr uint32_t kTextBytesMax = uint32_t{1} << 20U;

  TensorBytes(const data::Schema& schema, const CategoryIndex& categories, TensorColumns& columns)
      : schema_(schema), categories_(categories), columns_(columns) {}

  void reset() noexcept;
  /// A tensor whose values follow. Returns what is wrong with it; empty: nothing.
  [[nodiscard]] std::string add(TensorHead tensor);

  /// Goes on in `piece` at `at`, which stands at byte `payload_byte` of the payload; `last`:
  /// nothing comes behind the piece. Values of whole rows go to `sink`, others to their columns.
  /// kDone: all have been read, of which kNeedMore says that not; kError: error() tells.
  DecodeStatus read(std::string_view piece, size_t& at, uint64_t payload_byte, bool last,
                    TensorSink& sink);
  [[nodiscard]] const DecodeError& error() const noexcept { return error_; }

 private:
  DecodeStatus read_tensor(TensorHead& tensor, std::string_view piece, size_t& at,
                           TensorSink& sink);
  DecodeStatus read_texts(TensorHead& tensor, std::string_view piece, size_t& at, TensorSink& sink);
  [[nodiscard]] bool take_text_bytes(const TensorHead& tensor, std::string_view piece, size_t& at);
  [[nodiscard]] bool take_text(TensorHead& tensor, size_t at, TensorSink& sink);
  [[nodiscard]] bool fail_tensor(const TensorHead& tensor, std::string_view text);
  [[nodiscard]] bool take_row(const TensorHead& tensor, const char* bytes, TensorSink& sink);
  [[nodiscard]] bool take_value(const TensorHead& tensor, size_t column, double value, float* row);

  const data::Schema& schema_;
  const CategoryIndex& categories_;
  TensorColumns& columns_;
  std::vector<TensorHead> tensors_;
  size_t tensors_read_ = 0;
  std::string kept_;           // a row, or a text, that is not whole
  std::vector<double> texts_;  // of a row that is not whole
  uint64_t text_bytes_ = 0;    // taken of the tensor in hand
  uint64_t payload_byte_ = 0;  // where the piece in hand begins, less `at` there
  DecodeError error_;
};

}  // namespace ringmaker::codec
