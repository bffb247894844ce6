// TensorBytes: the values that follow a request's JSON as bytes, one tensor's behind another's.
//
//   FP32 and the like: each value in as many little-endian bytes as its datatype has, row by row
#pragma once

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

/// Not thread-safe. `schema` and `columns` must outlive it.
class TensorBytes {
 public:
  TensorBytes(const data::Schema& schema, TensorColumns& columns)
      : schema_(schema), columns_(columns) {}

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
  [[nodiscard]] bool take_row(const TensorHead& tensor, const char* bytes, TensorSink& sink);
  [[nodiscard]] bool take_value(const TensorHead& tensor, size_t column, double value, float* row);

  const data::Schema& schema_;
  TensorColumns& columns_;
  std::vector<TensorHead> tensors_;
  size_t tensors_read_ = 0;
  std::string kept_;  // a row that is not whole
  DecodeError error_;
};

}  // namespace ringmaker::codec
