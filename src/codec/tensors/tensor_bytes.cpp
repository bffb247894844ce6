#include "codec/tensors/tensor_bytes.h"

#include "wire/number_format.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace ringmaker::codec {

using Role = TensorHead::Role;

void TensorBytes::reset() noexcept {
  tensors_.clear();
  tensors_read_ = 0;
  kept_.clear();
  error_ = {};
}

std::string TensorBytes::add(TensorHead tensor) {
  const size_t row_bytes = tensor.columns * bytes_of(*tensor.type);
  const uint64_t bytes = *tensor.binary_bytes;
  if (bytes % row_bytes != 0 || bytes / row_bytes != tensor.rows) {
    return "its binary_data_size is " + std::to_string(bytes) +
           ", which is not what its shape and datatype say";
  }
  tensors_.push_back(std::move(tensor));
  return {};
}

DecodeStatus TensorBytes::read(std::string_view piece, size_t& at, uint64_t payload_byte, bool last,
                               TensorSink& sink) {
  const size_t begin = at;
  for (; tensors_read_ < tensors_.size(); ++tensors_read_) {
    TensorHead& tensor = tensors_[tensors_read_];
    const DecodeStatus status = read_tensor(tensor, piece, at, sink);
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (tensor.rows_read < tensor.rows) {
      if (!last) {
        return DecodeStatus::kNeedMore;
      }
      error_ = {.code = DecodeErrorCode::kTruncated,
                .row = tensor.rows_read + 1,
                .byte = payload_byte + at - begin};
      error_.set_text("the tensor \"" + tensor.name + '"');
      return DecodeStatus::kError;
    }
  }
  return DecodeStatus::kDone;
}

DecodeStatus TensorBytes::read_tensor(TensorHead& tensor, std::string_view piece, size_t& at,
                                      TensorSink& sink) {
  const size_t row_bytes = tensor.columns * bytes_of(*tensor.type);
  const size_t begin = at;
  while (tensor.rows_read < tensor.rows && at < piece.size()) {
    if (tensor.role == Role::kRows) {
      if (const DecodeStatus room = sink.room(); room != DecodeStatus::kNeedMore) {
        return room;
      }
    } else if (at - begin >= kTensorCallBytes) {
      return DecodeStatus::kPaused;
    }
    const char* row = piece.data() + at;
    const size_t taken = std::min(row_bytes - kept_.size(), piece.size() - at);
    at += taken;
    if (taken < row_bytes) {
      kept_.append(row, taken);
      if (kept_.size() < row_bytes) {
        return DecodeStatus::kNeedMore;
      }
      row = kept_.data();
    }
    if (!take_row(tensor, row, sink)) {
      return DecodeStatus::kError;
    }
    kept_.clear();
    ++tensor.rows_read;
  }
  return DecodeStatus::kNeedMore;
}

/// The values of one row: of whole rows, or the one of a column.
bool TensorBytes::take_row(const TensorHead& tensor, const char* bytes, TensorSink& sink) {
  if (tensor.role == Role::kIgnored) {
    return true;
  }
  float* const row = tensor.role == Role::kRows ? sink.writer.row() : nullptr;
  const bool as_it_lies = std::endian::native == std::endian::little && row != nullptr &&
                          *tensor.type == TensorType::kFp32 && schema_.narrowing.empty();
  if (as_it_lies) {
    std::memcpy(row, bytes, tensor.columns * sizeof(float));
  } else {
    const size_t size = bytes_of(*tensor.type);
    for (size_t k = 0; k < tensor.columns; ++k) {
      if (!take_value(tensor, k, load_tensor_value(*tensor.type, bytes + k * size), row)) {
        return false;
      }
    }
  }
  if (row != nullptr) {
    sink.commit(1);
  }
  return true;
}

/// `row`: null for a column.
bool TensorBytes::take_value(const TensorHead& tensor, size_t column, double value, float* row) {
  if (std::isinf(static_cast<float>(value)) && !std::isinf(value) && schema_.narrowing.empty()) {
    error_ = {.code = DecodeErrorCode::kNumberRange, .row = tensor.rows_read + 1};
    error_.column = row != nullptr ? static_cast<uint32_t>(column + 1) : 0;
    error_.feature = static_cast<uint32_t>((row != nullptr ? column : tensor.feature) + 1);
    std::string number;
    wire::append_number(number, value);
    error_.set_text(number);
    return false;
  }
  if (row == nullptr) {
    columns_.of(tensor.feature).push_back(value);
  } else {
    row[column] = schema_.narrowing.empty() ? static_cast<float>(value)
                                            : schema_.narrowing.narrow(column, value);
  }
  return true;
}

}  // namespace ringmaker::codec
