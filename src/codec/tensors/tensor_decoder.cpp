#include "codec/tensors/tensor_decoder.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

using Token = JsonSplitter::Token;

/// Data are taken in hand by so much, then read.
constexpr size_t kWindowBytes = size_t{16} << 10U;
}  // namespace

TensorDecoder::TensorDecoder(const data::Schema& schema)
    : categories_(schema),
      values_(schema, categories_),
      data_(events_, row_bytes_max(schema.feature_count())),
      set_(schema),
      bytes_(schema, categories_, set_.columns()) {
  reset();
}

void TensorDecoder::reset(const PayloadOptions& options) noexcept {
  splitter_.reset();
  text_.clear();
  data_.begin();
  set_.reset();
  bytes_.reset();
  wishes_.reset();
  stage_ = Stage::kJson;
  json_bytes_ = options.json_bytes;
  purpose_ = Purpose::kMember;
  inputs_seen_ = false;
  outputs_seen_ = false;
  tensor_ = {};
  data_ended_ = false;
  tensor_ended_ = false;
  payload_bytes_ = 0;
  rows_ = 0;
  columns_written_ = 0;
  failed_.reset();
  error_ = {};
}

DecodeProgress TensorDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                     data::BlockWriter& writer) {
  TensorSink sink{writer, rows_max};
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
  rows_ += sink.rows;
  if (status == DecodeStatus::kNeedMore && last) {
    status = rows_ > 0 ? DecodeStatus::kDone : fail(DecodeErrorCode::kEmptyPayload, {});
  }
  payload_bytes_ += at;
  return {status, at, sink.rows};
}

// ---- JSON

/// `last`: the JSON ends with `text`.
DecodeStatus TensorDecoder::read_json(std::string_view text, size_t& at, bool last,
                                      TensorSink& sink) {
  const size_t begin = at;
  for (;;) {
    DecodeStatus status = read_data(sink, failed_ || at == text.size());
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (at - begin >= kTensorCallBytes && sink.rows == 0 && at < text.size()) {
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
      } else if (!text_.append(step.content, byte)) {
        return fail(DecodeErrorCode::kTensor, "a member other than \"data\" is longer than 64 KiB");
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
  if (splitter_.descended() && key != "data") {
    splitter_.keep_flat_array_whole();
    return DecodeStatus::kNeedMore;
  }
  if (splitter_.descended()) {
    splitter_.keep_array_of_numbers_whole();
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

/// A value of a member, or an element of an array, is whole.
DecodeStatus TensorDecoder::end_content(bool value) {
  const bool list = !value && splitter_.is_whole_array();
  if (const DecodeErrorCode code = text_.parse(list); code != DecodeErrorCode::kNone) {
    return fail(code, {}, text_.error_byte());
  }
  if (const std::string_view problem = text_.member().problem(); !problem.empty()) {
    return splitter_.descended() && purpose_ != Purpose::kOutput
               ? fail_tensor(problem)
               : fail(DecodeErrorCode::kTensor, problem);
  }
  DecodeStatus status = DecodeStatus::kNeedMore;
  if (purpose_ == Purpose::kOutput) {
    if (text_.member().kind() != TensorMember::Kind::kObject || !text_.member().text()) {
      status = fail(DecodeErrorCode::kTensor, "\"outputs\" holds something without a \"name\"");
    } else {
      wishes_.take_output(text_.member());
    }
  } else if (splitter_.descended()) {
    status = end_tensor_member(list);
  } else if (value) {
    status = end_request_member();
  }
  text_.clear();
  return status;
}

DecodeStatus TensorDecoder::end_request_member() {
  const std::string& key = splitter_.key();
  if (key == "id") {
    if (text_.member().kind() != TensorMember::Kind::kText) {
      return fail(DecodeErrorCode::kTensor, "\"id\" is no text");
    }
    wishes_.take_id(text_.text());
  } else if (key == "parameters") {
    wishes_.take_parameters(text_.member());
  } else if (key == "inputs" || key == "outputs") {
    return fail(DecodeErrorCode::kTensor, '"' + key + "\" is no array");
  }
  return DecodeStatus::kNeedMore;
}

/// `list`: it is an array of values.
DecodeStatus TensorDecoder::end_tensor_member(bool list) {
  using Kind = TensorMember::Kind;
  const std::string& key = splitter_.key();
  const TensorMember& member = text_.member();
  if (key == "data") {
    return fail_tensor("its \"data\" is no array");
  }
  const bool known = tensor_.role != Role::kUnknown;
  if ((key == "name" && (known || !tensor_.name.empty())) ||
      (key == "shape" && (known || tensor_.shape)) ||
      (key == "datatype" && (known || tensor_.type)) ||
      (key == "parameters" && tensor_.binary_bytes && member.binary_bytes())) {
    return fail_tensor("it has \"" + key + "\" twice");
  }
  if (key == "name") {
    if (member.kind() != Kind::kText) {
      return fail_tensor("its \"name\" is no text");
    }
    tensor_.name = *member.text();
  } else if (key == "datatype") {
    tensor_.type = member.kind() == Kind::kText ? find_tensor_type(*member.text()) : std::nullopt;
    if (!tensor_.type) {
      return fail_tensor("its datatype is none of " + std::string(tensor_type_names()));
    }
  } else if (key == "shape") {
    if (!list || member.kind() != Kind::kNumbers) {
      return fail_tensor("its \"shape\" is no list of whole numbers from 0 to 2^53");
    }
    tensor_.shape = member.numbers();
  } else if (key == "parameters") {
    tensor_.binary_bytes = member.binary_bytes();
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
  if (!tensor_.described()) {
    return fail_tensor(tensor_.shape ? "it has no \"datatype\"" : "it has no \"shape\"");
  }
  if (tensor_.has_data && !has_json(*tensor_.type)) {
    return fail_tensor(std::string(name(*tensor_.type)) +
                       " is not read from JSON; send its values as binary data");
  }
  if (const TensorSet::Problem problem = set_.admit(tensor_); !problem.text.empty()) {
    tensor_.role = Role::kUnknown;  // its data are not looked at
    error_.column = static_cast<uint32_t>(problem.column);
    error_.feature = error_.column;
    return fail_tensor(problem.text);
  }
  const bool column = tensor_.role == Role::kColumn;
  values_.begin_tensor(*tensor_.type, column ? std::optional(tensor_.feature) : std::nullopt,
                       tensor_.columns);
  return DecodeStatus::kNeedMore;
}

/// What is in hand of the tensor's data; `all`: not only what makes a part.
DecodeStatus TensorDecoder::read_data(TensorSink& sink, bool all) {
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
    uint64_t rows_max = tensor_.rows - tensor_.rows_read;
    if (to_rows) {
      if (const DecodeStatus room = sink.room(); room != DecodeStatus::kNeedMore) {
        return room;
      }
      rows_max = std::min<uint64_t>({rows_max, sink.writer.room(), sink.rows_max - sink.rows});
    } else if (read_bytes >= kTensorCallBytes) {
      return DecodeStatus::kPaused;
    }
    const size_t before = data_.bytes_in_hand();
    if (const DecodeStatus status = read_rows(sink, rows_max); status != DecodeStatus::kNeedMore) {
      return status;
    }
    read_bytes += before - data_.bytes_in_hand();
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

/// A part of the data in hand, of `rows_max` rows at most.
DecodeStatus TensorDecoder::read_rows(TensorSink& sink, uint64_t rows_max) {
  float* rows = nullptr;
  std::vector<double>* gathered = nullptr;
  if (tensor_.role == Role::kRows) {
    rows = sink.writer.row();
  } else if (tensor_.role == Role::kColumn) {
    gathered = &set_.columns().of(tensor_.feature);
  } else {
    ignored_.clear();
    gathered = &ignored_;
  }
  const TensorData::Read read = data_.read(rows_max, tensor_.columns, values_, rows, gathered);
  if (rows != nullptr) {
    sink.commit(read.rows);
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
    if (const std::string problem = bytes_.add(tensor_); !problem.empty()) {
      return fail_tensor(problem);
    }
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

// ---- Behind it

DecodeStatus TensorDecoder::read_bytes(std::string_view piece, size_t& at, bool last,
                                       TensorSink& sink) {
  const DecodeStatus status = bytes_.read(piece, at, payload_bytes_ + at, last, sink);
  if (status == DecodeStatus::kError) {
    error_ = bytes_.error();
  }
  if (status != DecodeStatus::kDone) {
    return status;
  }
  if (at < piece.size()) {
    return fail(DecodeErrorCode::kTensor, "more bytes follow than its tensors have",
                payload_bytes_ + at);
  }
  if (!last) {
    return DecodeStatus::kNeedMore;
  }
  if (set_.has_rows()) {
    stage_ = Stage::kDone;
    return DecodeStatus::kNeedMore;
  }
  if (const auto lacking = set_.columns().lacking()) {
    return fail(DecodeErrorCode::kLacksTensor, *lacking);
  }
  stage_ = Stage::kColumns;
  return DecodeStatus::kNeedMore;
}

DecodeStatus TensorDecoder::write_columns(TensorSink& sink) {
  for (; columns_written_ < set_.column_rows(); ++columns_written_) {
    if (const DecodeStatus room = sink.room(); room != DecodeStatus::kNeedMore) {
      return room;
    }
    set_.columns().write(columns_written_, sink.writer.row());
    sink.commit(1);
  }
  stage_ = Stage::kDone;
  return DecodeStatus::kNeedMore;
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
