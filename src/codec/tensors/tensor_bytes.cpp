#include "codec/tensors/tensor_bytes.h"

#include "wire/little_endian.h"
#include "wire/number_format.h"
#include "wire/utf8.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace ringmaker::codec {
namespace {

using Role = TensorHead::Role;

constexpr size_t kLengthBytes = 4;

/// kNeedMore while another row of the tensor may be read in this call, which has read `read` bytes
/// of it.
DecodeStatus room_for(const TensorHead& tensor, size_t read, const TensorSink& sink) {
  if (tensor.role == Role::kRows) {
    return sink.room();
  }
  return read < kTensorCallBytes ? DecodeStatus::kNeedMore : DecodeStatus::kPaused;
}

}  // namespace

void TensorBytes::reset() noexcept {
  tensors_.clear();
  tensors_read_ = 0;
  kept_.clear();
  texts_.clear();
  text_bytes_ = 0;
  error_ = {};
}

std::string TensorBytes::add(TensorHead tensor) {
  const bool texts = *tensor.type == TensorType::kBytes;
  const size_t row_bytes = tensor.columns * (texts ? kLengthBytes : bytes_of(*tensor.type));
  const uint64_t bytes = *tensor.binary_bytes;
  if (texts ? bytes / row_bytes < tensor.rows
            : bytes % row_bytes != 0 || bytes / row_bytes != tensor.rows) {
    return "its binary_data_size is " + std::to_string(bytes) +
           ", which is not what its shape and datatype say";
  }
  tensors_.push_back(std::move(tensor));
  return {};
}

DecodeStatus TensorBytes::read(std::string_view piece, size_t& at, uint64_t payload_byte, bool last,
                               TensorSink& sink) {
  payload_byte_ = payload_byte - at;
  for (; tensors_read_ < tensors_.size(); ++tensors_read_) {
    TensorHead& tensor = tensors_[tensors_read_];
    const DecodeStatus status = *tensor.type == TensorType::kBytes
                                    ? read_texts(tensor, piece, at, sink)
                                    : read_tensor(tensor, piece, at, sink);
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (tensor.rows_read < tensor.rows) {
      if (!last) {
        return DecodeStatus::kNeedMore;
      }
      error_ = {.code = DecodeErrorCode::kTruncated,
                .row = tensor.rows_read + 1,
                .byte = payload_byte_ + at};
      error_.set_text("the tensor");
      error_.set_member(tensor.name);
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
    if (const DecodeStatus room = room_for(tensor, at - begin, sink);
        room != DecodeStatus::kNeedMore) {
      return room;
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

DecodeStatus TensorBytes::read_texts(TensorHead& tensor, std::string_view piece, size_t& at,
                                     TensorSink& sink) {
  const size_t begin = at;
  while (tensor.rows_read < tensor.rows && at < piece.size()) {
    if (const DecodeStatus room = room_for(tensor, at - begin, sink);
        room != DecodeStatus::kNeedMore) {
      return room;
    }
    if (!take_text_bytes(tensor, piece, at)) {
      return error_.code == DecodeErrorCode::kNone ? DecodeStatus::kNeedMore : DecodeStatus::kError;
    }
    if (!take_text(tensor, at, sink)) {
      return DecodeStatus::kError;
    }
  }
  if (tensor.rows_read == tensor.rows && text_bytes_ < *tensor.binary_bytes) {
    (void)fail_tensor(tensor, "its texts are shorter than its binary_data_size says");
    error_.row = 0;
    return DecodeStatus::kError;
  }
  text_bytes_ = tensor.rows_read == tensor.rows ? 0 : text_bytes_;
  return DecodeStatus::kNeedMore;
}

/// True once kept_ holds a length and its text. False without an error: more has to come.
bool TensorBytes::take_text_bytes(const TensorHead& tensor, std::string_view piece, size_t& at) {
  for (;;) {
    const bool long_enough = kept_.size() >= kLengthBytes;
    const uint32_t text_bytes = long_enough ? wire::load_little_endian<uint32_t>(kept_.data()) : 0;
    const size_t whole = kLengthBytes + text_bytes;
    if (text_bytes > kTextBytesMax) {
      return fail_tensor(tensor, "a text of it is longer than 1 MiB");
    }
    if (text_bytes_ - kept_.size() + whole > *tensor.binary_bytes) {
      return fail_tensor(tensor, "its texts are longer than its binary_data_size says");
    }
    if (long_enough && kept_.size() == whole) {
      return true;
    }
    const size_t taken = std::min(whole - kept_.size(), piece.size() - at);
    if (taken == 0) {
      return false;
    }
    kept_.append(piece.substr(at, taken));
    text_bytes_ += taken;
    at += taken;
  }
}

/// The text in kept_ is the next value, and ends at `at`.
bool TensorBytes::take_text(TensorHead& tensor, size_t at, TensorSink& sink) {
  const std::string_view text = std::string_view(kept_).substr(kLengthBytes);
  if (!wire::is_utf8(text)) {
    error_ = {.code = DecodeErrorCode::kInvalidUtf8,
              .row = tensor.rows_read + 1,
              .byte = payload_byte_ + at};
    return false;
  }
  const bool whole_rows = tensor.role == Role::kRows;
  const size_t feature = whole_rows ? texts_.size() : tensor.feature;
  if (tensor.role != Role::kIgnored) {
    const auto value = categories_.value_of(feature, text);
    if (!value) {
      error_ = {.code = DecodeErrorCode::kNotANumber, .row = tensor.rows_read + 1};
      error_.column = whole_rows ? static_cast<uint32_t>(feature + 1) : 0;
      error_.feature = static_cast<uint32_t>(feature + 1);
      error_.set_text(text);
      return false;
    }
    texts_.push_back(static_cast<double>(*value));
  }
  kept_.clear();
  if (whole_rows && texts_.size() < tensor.columns) {
    return true;
  }
  if (whole_rows) {
    float* const row = sink.writer.row();
    for (size_t k = 0; k < tensor.columns; ++k) {
      (void)take_value(tensor, k, texts_[k], row);
    }
    sink.commit(1);
  } else if (tensor.role == Role::kColumn) {
    columns_.of(tensor.feature).push_back(texts_.front());
  }
  texts_.clear();
  ++tensor.rows_read;
  return true;
}

bool TensorBytes::fail_tensor(const TensorHead& tensor, std::string_view text) {
  error_ = {.code = DecodeErrorCode::kTensor, .row = tensor.rows_read + 1};
  error_.set_text(text);
  error_.set_member(tensor.name);
  return false;
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
