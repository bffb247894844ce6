#include "codec/tensors/tensor_decoder.h"

#include "base/text.h"
#include "wire/number_format.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace ringmaker::codec {
namespace {

using Token = JsonSplitter::Token;

/// Data are taken in hand by so much, then read.
constexpr size_t kWindowBytes = size_t{16} << 10U;
/// A call that writes no rows ends after so many bytes.
constexpr size_t kCallBytes = size_t{256} << 10U;

}  // namespace

TensorDecoder::TensorDecoder(const data::Schema& schema)
    : schema_(schema),
      features_(schema),
      values_(schema),
      data_(events_, row_bytes_max(schema.feature_count())),
      columns_(schema) {
  reset();
}

void TensorDecoder::reset(const PayloadOptions& options) noexcept {
  splitter_.reset();
  data_.begin();
  columns_.reset();
  wishes_.reset();
  stage_ = Stage::kJson;
  json_bytes_ = options.json_bytes;
  purpose_ = Purpose::kMember;
  text_.clear();
  text_byte_ = 0;
  inputs_seen_ = false;
  outputs_seen_ = false;
  tensor_ = {};
  data_ended_ = false;
  tensor_ended_ = false;
  rows_tensor_ = false;
  column_rows_.reset();
  in_bytes_.clear();
  in_bytes_read_ = 0;
  kept_.clear();
  ignored_columns_ = false;
  payload_bytes_ = 0;
  rows_ = 0;
  columns_written_ = 0;
  failed_.reset();
  error_ = {};
}

DecodeProgress TensorDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                     data::BlockWriter& writer) {
  Sink sink{writer, rows_max};
  size_t at = 0;
  DecodeStatus status = DecodeStatus::kNeedMore;
  if (stage_ == Stage::kJson) {
    const uint64_t left = json_bytes_.value_or(UINT64_MAX) - payload_bytes_;
    status = read_json(piece.substr(0, std::min<uint64_t>(left, piece.size())), at,
                       last || piece.size() >= left, sink);
  }
  if (status == DecodeStatus::kNeedMore && stage_ == Stage::kBytes) {
    status = read_bytes(piece, at, last, sink);
  }
  if (status == DecodeStatus::kNeedMore && stage_ == Stage::kColumns) {
    status = write_columns(sink);
  }
  if (status == DecodeStatus::kNeedMore && last) {
    status = rows_ > 0 ? DecodeStatus::kDone : fail(DecodeErrorCode::kEmptyPayload, {});
  }
  payload_bytes_ += at;
  return {status, at, sink.rows};
}

// ---- JSON

/// `last`: the JSON ends with `text`.
DecodeStatus TensorDecoder::read_json(std::string_view text, size_t& at, bool last, Sink& sink) {
  const size_t begin = at;
  for (;;) {
    DecodeStatus status = read_data(sink, failed_ || at == text.size());
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (at - begin >= kCallBytes && sink.rows == 0 && at < text.size()) {
      return DecodeStatus::kPaused;
    }
    if (failed_) {
      error_ = *failed_;
      return DecodeStatus::kError;
    }
    // A window, so that what is in hand stays small; elsewhere it does no harm.
    const JsonSplitter::Step step = splitter_.next(text.substr(0, at + kWindowBytes), at);
    if (!step.content.empty()) {
      const uint64_t byte = payload_bytes_ + static_cast<size_t>(step.content.data() - text.data());
      if (purpose_ == Purpose::kData && splitter_.descended()) {
        data_.append(step.content, byte, splitter_.is_whole_array());
      } else if (!append_member(step.content, byte)) {
        return DecodeStatus::kError;
      }
    }
    if (step.token != Token::kNeedMore) {
      // What was whole before an error comes first, wherever the payload was cut.
      if (take_token(step.token, payload_bytes_ + at) == DecodeStatus::kError) {
        failed_ = error_;
        error_ = {};
      }
      continue;
    }
    if (at < text.size()) {
      continue;
    }
    status = read_data(sink, true);
    return status == DecodeStatus::kNeedMore && last ? finish_json(payload_bytes_ + at) : status;
  }
}

DecodeStatus TensorDecoder::take_token(Token token, uint64_t byte) {
  switch (token) {
    case Token::kBeginArray:
      return begin_array();
    case Token::kElement:
      if (purpose_ == Purpose::kData) {
        data_.end_element();
        return DecodeStatus::kNeedMore;
      }
      return end_content(false);
    case Token::kEndArray:
      if (purpose_ == Purpose::kData && splitter_.key() == "data") {
        data_ended_ = true;
      }
      purpose_ = Purpose::kMember;
      return DecodeStatus::kNeedMore;
    case Token::kValue:
      return end_content(true);
    case Token::kBeginObject:
      return begin_tensor();
    case Token::kEndObject:
      tensor_ended_ = true;
      return settle();
    case Token::kNotAContainer:
      return fail(DecodeErrorCode::kTensor,
                  inputs_seen_ ? "\"inputs\" holds something that is no tensor"
                               : "the payload is no object with \"inputs\"",
                  byte);
    case Token::kDepthError:
      error_.expected = JsonSplitter::kDepthMax;
      return fail(DecodeErrorCode::kJsonDepth, {}, byte);
    default:
      return fail(DecodeErrorCode::kJsonSyntax, {}, byte);
  }
}

DecodeStatus TensorDecoder::begin_array() {
  const std::string& key = splitter_.key();
  text_.clear();
  purpose_ = Purpose::kMember;
  if (splitter_.descended()) {
    splitter_.keep_flat_array_whole();
    if (key != "data") {
      return DecodeStatus::kNeedMore;
    }
    if (tensor_.has_data) {
      return fail_tensor("it has \"data\" twice");
    }
    purpose_ = Purpose::kData;
    tensor_.has_data = true;
    data_.begin();
    return tensor_.described() && !tensor_.name.empty() ? settle() : DecodeStatus::kNeedMore;
  }
  if (!splitter_.in_object()) {
    return fail(DecodeErrorCode::kTensor, "the payload is no object with \"inputs\"");
  }
  if (key == "inputs") {
    if (inputs_seen_) {
      return fail(DecodeErrorCode::kTensor, "the payload has \"inputs\" twice");
    }
    inputs_seen_ = true;
    splitter_.descend();
  } else if (key == "outputs") {
    if (outputs_seen_) {
      return fail(DecodeErrorCode::kTensor, "the payload has \"outputs\" twice");
    }
    outputs_seen_ = true;
    purpose_ = Purpose::kOutput;
  }
  return DecodeStatus::kNeedMore;
}

bool TensorDecoder::append_member(std::string_view content, uint64_t byte) {
  if (text_.empty()) {
    text_ = '[';
    text_byte_ = byte;
  }
  if (text_.size() + content.size() > kMemberBytesMax) {
    error_.found = kMemberBytesMax;
    fail(DecodeErrorCode::kTensor, "a member other than \"data\" is longer than 64 KiB");
    return false;
  }
  text_ += content;
  return true;
}

/// A value of a member, or an element of an array, is whole.
DecodeStatus TensorDecoder::end_content(bool value) {
  if (const DecodeStatus status = parse_member(!value && splitter_.is_whole_array());
      status != DecodeStatus::kNeedMore) {
    return status;
  }
  DecodeStatus status = DecodeStatus::kNeedMore;
  if (purpose_ == Purpose::kOutput) {
    if (member_.kind() != TensorMember::Kind::kObject || !member_.text()) {
      status = fail(DecodeErrorCode::kTensor, "\"outputs\" holds something without a \"name\"");
    } else {
      wishes_.take_output(member_);
    }
  } else if (splitter_.descended()) {
    status = end_tensor_member(!value && splitter_.is_whole_array());
  } else if (value) {
    status = end_request_member();
  }
  text_.clear();
  return status;
}

/// `array`: what is in hand is the content of one.
DecodeStatus TensorDecoder::parse_member(bool array) {
  text_ += ']';
  if (array) {
    text_.insert(0, 1, '[');
    text_ += ']';
  }
  text_.reserve(text_.size() + wire::JsonEvents::kPadding);
  member_.reset();
  const wire::JsonResult result = events_.parse(text_, member_);
  if (array) {
    text_.erase(0, 1);
    text_.pop_back();
  }
  text_.pop_back();
  if (result.outcome == wire::JsonOutcome::kComplete) {
    return DecodeStatus::kNeedMore;
  }
  const size_t place = std::clamp<size_t>(result.byte, 1, text_.size()) - 1;
  return fail(result.outcome == wire::JsonOutcome::kInvalidUtf8 ? DecodeErrorCode::kInvalidUtf8
                                                                : DecodeErrorCode::kJsonSyntax,
              {}, text_byte_ + place);
}

DecodeStatus TensorDecoder::end_request_member() {
  const std::string& key = splitter_.key();
  if (key == "id") {
    if (member_.kind() != TensorMember::Kind::kText) {
      return fail(DecodeErrorCode::kTensor, "\"id\" is no text");
    }
    wishes_.take_id(base::trimmed(std::string_view(text_).substr(1), base::kWhiteSpace));
  } else if (key == "parameters") {
    wishes_.take_parameters(member_);
  } else if (key == "inputs" || key == "outputs") {
    return fail(DecodeErrorCode::kTensor, '"' + key + "\" is no array");
  }
  return DecodeStatus::kNeedMore;
}

/// `list`: it is an array of values.
DecodeStatus TensorDecoder::end_tensor_member(bool list) {
  using Kind = TensorMember::Kind;
  const std::string& key = splitter_.key();
  if (key == "data") {
    return fail_tensor("its \"data\" is no array");
  }
  if (tensor_.role != Role::kUnknown && (key == "name" || key == "shape" || key == "datatype")) {
    return fail_tensor("it has \"" + key + "\" twice");
  }
  if (key == "name") {
    if (member_.kind() != Kind::kText) {
      return fail_tensor("its \"name\" is no text");
    }
    tensor_.name = *member_.text();
  } else if (key == "datatype") {
    tensor_.type = member_.kind() == Kind::kText ? find_tensor_type(*member_.text()) : std::nullopt;
    if (!tensor_.type) {
      return fail_tensor("its datatype is none of " + std::string(tensor_type_names()));
    }
  } else if (key == "shape") {
    if (!list || member_.kind() != Kind::kNumbers) {
      return fail_tensor("its \"shape\" is no list of whole numbers");
    }
    tensor_.shape = member_.numbers();
  } else if (key == "parameters") {
    tensor_.binary_bytes = member_.binary_bytes();
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::begin_tensor() {
  tensor_ = {};
  data_.begin();
  data_ended_ = false;
  tensor_ended_ = false;
  text_.clear();
  return DecodeStatus::kNeedMore;
}

/// What the tensor is, once that can be said.
DecodeStatus TensorDecoder::settle() {
  if (tensor_.role != Role::kUnknown) {
    return DecodeStatus::kNeedMore;
  }
  const DecodeStatus status = settle_role();
  if (status == DecodeStatus::kError) {
    tensor_.role = Role::kUnknown;  // its data are not looked at
  }
  return status;
}

DecodeStatus TensorDecoder::settle_role() {
  if (!tensor_.described()) {
    return fail_tensor(tensor_.shape ? "it has no \"datatype\"" : "it has no \"shape\"");
  }
  const std::string problem = tensor_.settle(schema_, features_, column_rows_.has_value());
  if (!problem.empty()) {
    return fail_tensor(problem);
  }
  const bool column = tensor_.role == Role::kColumn;
  if (tensor_.role == Role::kRows) {
    if (rows_tensor_ || column_rows_) {
      return fail_tensor("it holds whole rows, but is not the only one that holds values");
    }
    rows_tensor_ = true;
  } else if (column) {
    if (rows_tensor_) {
      return fail_tensor("it stands beside one that holds whole rows");
    }
    if (columns_.has(tensor_.feature)) {
      return fail_tensor("it is there twice");
    }
    if (column_rows_.value_or(tensor_.rows) != tensor_.rows) {
      return fail_tensor("it has " + std::to_string(tensor_.rows) + " rows, others have " +
                         std::to_string(*column_rows_));
    }
    column_rows_ = tensor_.rows;
    columns_.begin(tensor_.feature);
  } else {
    ignored_columns_ = true;
  }
  if (tensor_.role != Role::kRows &&
      tensor_.rows > kGatheredBytesMax / sizeof(double) / schema_.feature_count()) {
    return fail_tensor("tensors of so many rows are over 64 MiB; send one of whole rows");
  }
  values_.begin_tensor(*tensor_.type, column ? std::optional(tensor_.feature) : std::nullopt,
                       tensor_.columns);
  return DecodeStatus::kNeedMore;
}

/// What is in hand of the tensor's data; `all`: not only what makes a part.
DecodeStatus TensorDecoder::read_data(Sink& sink, bool all) {
  if (!tensor_.has_data || tensor_.role == Role::kUnknown) {
    if (tensor_ended_ && tensor_.role != Role::kUnknown) {
      return end_tensor();
    }
    if (data_.bytes_in_hand() > kGatheredBytesMax) {
      return fail_tensor("its data stand before its shape and are over 64 MiB");
    }
    return DecodeStatus::kNeedMore;
  }
  const bool to_rows = tensor_.role == Role::kRows;
  size_t read_bytes = 0;
  while (data_.rows_in_hand(tensor_.columns) > 0 &&
         (all || data_ended_ || data_.bytes_in_hand() >= kWindowBytes)) {
    if (tensor_.rows_read == tensor_.rows) {
      return fail_tensor("it has more values than its shape says");
    }
    if (to_rows) {
      if (const DecodeStatus room = room_in(sink); room != DecodeStatus::kNeedMore) {
        return room;
      }
    } else if (read_bytes >= kCallBytes) {
      return DecodeStatus::kPaused;
    }
    uint64_t rows_max = tensor_.rows - tensor_.rows_read;
    if (to_rows) {
      rows_max = std::min<uint64_t>({rows_max, sink.writer.room(), sink.rows_max - sink.rows});
    }
    ignored_.clear();
    const size_t before = data_.bytes_in_hand();
    const TensorData::Read read =
        data_.read(rows_max, tensor_.columns, values_, to_rows ? sink.writer.row() : nullptr,
                   to_rows                         ? nullptr
                   : tensor_.role == Role::kColumn ? &columns_.of(tensor_.feature)
                                                   : &ignored_);
    read_bytes += before - data_.bytes_in_hand();
    if (to_rows) {
      commit(read.rows, sink);
    }
    if (!read.good) {
      error_ = data_.error();
      error_.row = tensor_.rows_read + read.rows + 1;
      if (error_.code == DecodeErrorCode::kTensor) {
        error_.set_member(tensor_.name);
      }
      return DecodeStatus::kError;
    }
    tensor_.rows_read += read.rows;
  }
  if (data_ended_) {
    if (const DecodeStatus status = end_data(); status != DecodeStatus::kNeedMore) {
      return status;
    }
  } else if (data_.too_long(tensor_.columns)) {
    error_ = data_.fail_too_long();
    error_.row = tensor_.rows_read + 1;
    return DecodeStatus::kError;
  }
  if (tensor_ended_) {
    return end_tensor();
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::end_data() {
  const uint64_t values = tensor_.rows_read * tensor_.columns + data_.values_over(tensor_.columns);
  if (values != tensor_.rows * tensor_.columns) {
    return fail_tensor("it has " + std::to_string(values) + " values, its shape says " +
                       std::to_string(tensor_.rows * tensor_.columns));
  }
  data_.begin();
  data_ended_ = false;
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::end_tensor() {
  tensor_ended_ = false;
  if (tensor_.has_data && tensor_.binary_bytes) {
    return fail_tensor("it has \"data\" and a \"binary_data_size\"");
  }
  if (!tensor_.has_data) {
    if (!tensor_.binary_bytes) {
      return fail_tensor("it has neither \"data\" nor a \"binary_data_size\"");
    }
    if (!json_bytes_) {
      return fail_tensor("its bytes need the header field Inference-Header-Content-Length");
    }
    const size_t row_bytes = tensor_.columns * bytes_of(*tensor_.type);
    if (*tensor_.binary_bytes % row_bytes != 0 ||
        *tensor_.binary_bytes / row_bytes != tensor_.rows) {
      return fail_tensor("its binary_data_size is " + std::to_string(*tensor_.binary_bytes) +
                         ", which is not what its shape and datatype say");
    }
    in_bytes_.push_back(tensor_);
  }
  tensor_ = {};
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::finish_json(uint64_t byte) {
  if (splitter_.at_start()) {
    return fail(DecodeErrorCode::kEmptyPayload, {});
  }
  if (!splitter_.complete()) {
    return fail(DecodeErrorCode::kJsonSyntax, {}, byte);
  }
  if (json_bytes_ && byte < *json_bytes_) {
    return fail(DecodeErrorCode::kTruncated, "its JSON", byte);
  }
  if (!inputs_seen_) {
    return fail(DecodeErrorCode::kTensor, "the object has no \"inputs\"");
  }
  stage_ = Stage::kBytes;
  return DecodeStatus::kNeedMore;
}

// ---- Bytes

DecodeStatus TensorDecoder::read_bytes(std::string_view piece, size_t& at, bool last, Sink& sink) {
  for (; in_bytes_read_ < in_bytes_.size(); ++in_bytes_read_) {
    TensorHead& tensor = in_bytes_[in_bytes_read_];
    const DecodeStatus status = read_bytes_of(tensor, piece, at, sink);
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (tensor.rows_read < tensor.rows) {
      if (!last) {
        return DecodeStatus::kNeedMore;
      }
      error_.row = tensor.rows_read + 1;
      return fail(DecodeErrorCode::kTruncated, "the tensor \"" + tensor.name + '"',
                  payload_bytes_ + at);
    }
  }
  if (at < piece.size()) {
    return fail(DecodeErrorCode::kTensor, "more bytes follow than its tensors have",
                payload_bytes_ + at);
  }
  return last ? begin_columns() : DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::read_bytes_of(TensorHead& tensor, std::string_view piece, size_t& at,
                                          Sink& sink) {
  const size_t row_bytes = tensor.columns * bytes_of(*tensor.type);
  const size_t begin = at;
  while (tensor.rows_read < tensor.rows && at < piece.size()) {
    if (tensor.role == Role::kRows) {
      if (const DecodeStatus room = room_in(sink); room != DecodeStatus::kNeedMore) {
        return room;
      }
    } else if (at - begin >= kCallBytes) {
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
    if (!take_values(tensor, row, sink)) {
      return DecodeStatus::kError;
    }
    kept_.clear();
    ++tensor.rows_read;
  }
  return DecodeStatus::kNeedMore;
}

/// The values of one row: of whole rows, or the one of a column.
bool TensorDecoder::take_values(TensorHead& tensor, const char* bytes, Sink& sink) {
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
      const double value = load_tensor_value(*tensor.type, bytes + k * size);
      if (std::isinf(static_cast<float>(value)) && !std::isinf(value) &&
          schema_.narrowing.empty()) {
        std::string number;
        wire::append_number(number, value);
        error_.row = tensor.rows_read + 1;
        error_.column = row != nullptr ? static_cast<uint32_t>(k + 1) : 0;
        error_.feature = static_cast<uint32_t>((row != nullptr ? k : tensor.feature) + 1);
        fail(DecodeErrorCode::kNumberRange, number);
        return false;
      }
      if (row == nullptr) {
        columns_.of(tensor.feature).push_back(value);
      } else {
        row[k] = schema_.narrowing.empty() ? static_cast<float>(value)
                                           : schema_.narrowing.narrow(k, value);
      }
    }
  }
  if (row != nullptr) {
    commit(1, sink);
  }
  return true;
}

// ---- Columns

DecodeStatus TensorDecoder::begin_columns() {
  if (rows_tensor_) {
    stage_ = Stage::kDone;
    return DecodeStatus::kNeedMore;
  }
  if (const auto lacking = columns_.lacking()) {
    return fail(DecodeErrorCode::kLacksTensor, *lacking);
  }
  stage_ = Stage::kColumns;
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::write_columns(Sink& sink) {
  for (; columns_written_ < *column_rows_; ++columns_written_) {
    if (const DecodeStatus room = room_in(sink); room != DecodeStatus::kNeedMore) {
      return room;
    }
    columns_.write(columns_written_, sink.writer.row());
    commit(1, sink);
  }
  stage_ = Stage::kDone;
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::room_in(const Sink& sink) noexcept {
  if (sink.rows == sink.rows_max) {
    return DecodeStatus::kPaused;
  }
  return sink.writer.full() ? DecodeStatus::kBlockFull : DecodeStatus::kNeedMore;
}

void TensorDecoder::commit(size_t rows, Sink& sink) {
  sink.writer.commit_rows(rows);
  sink.rows += rows;
  rows_ += rows;
}

DecodeStatus TensorDecoder::fail(DecodeErrorCode code, std::string_view text, uint64_t byte) {
  error_.code = code;
  error_.byte = byte;
  error_.set_text(text);
  return DecodeStatus::kError;
}

DecodeStatus TensorDecoder::fail_tensor(std::string_view text) {
  error_.set_member(tensor_.name);
  return fail(DecodeErrorCode::kTensor, text);
}

}  // namespace ringmaker::codec
