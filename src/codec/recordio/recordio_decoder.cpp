#include "codec/recordio/recordio_decoder.h"

#include "wire/number_format.h"
#include "wire/protobuf_reader.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::codec {
namespace {

constexpr uint32_t kRecordFeatures = 1;
constexpr uint32_t kEntryKey = 1;
constexpr uint32_t kEntryValue = 2;
constexpr uint32_t kFloat32Tensor = 2;
constexpr uint32_t kFloat64Tensor = 3;
constexpr uint32_t kInt32Tensor = 7;
constexpr uint32_t kBytes = 9;
constexpr uint32_t kTensorValues = 1;
constexpr uint32_t kTensorKeys = 2;
constexpr uint32_t kTensorShape = 3;
constexpr std::string_view kNoMessage = "the record is no protobuf message";

}  // namespace

RecordioDecoder::RecordioDecoder(const data::Schema& schema)
    : schema_(schema),
      records_(record_bytes_max(schema.feature_count())),
      row_of_(schema.feature_count(), 0) {
  values_.reserve(schema.feature_count());
  keys_.reserve(schema.feature_count());
}

void RecordioDecoder::reset(const PayloadOptions& options) noexcept {
  marked_.reset(options.mark_records_in_error);
  records_.reset();
  std::fill(row_of_.begin(), row_of_.end(), 0);
  rows_ = 0;
  error_ = {};
}

DecodeProgress RecordioDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                       data::BlockWriter& writer) {
  return decode_records(*this, piece, last, rows_max, writer);
}

RecordFound RecordioDecoder::next_record(std::string_view piece, bool /*last*/, size_t& at) {
  const RecordioReader::Found found = records_.next(piece, at);
  switch (found) {
    case RecordioReader::Found::kRecord:
      return RecordFound::kRecord;
    case RecordioReader::Found::kNothing:
      return RecordFound::kNothing;
    case RecordioReader::Found::kBadMagic:
    case RecordioReader::Found::kBadPart:
    case RecordioReader::Found::kTooLong:
      break;
  }
  fail_frame(found);
  return RecordFound::kError;
}

DecodeStatus RecordioDecoder::finish() {
  if (!records_.at_boundary()) {
    fail(DecodeErrorCode::kTruncated, "the record");
    return DecodeStatus::kError;
  }
  if (rows_ == 0) {
    error_.code = DecodeErrorCode::kEmptyPayload;
    return DecodeStatus::kError;
  }
  return DecodeStatus::kDone;
}

void RecordioDecoder::fail_frame(RecordioReader::Found found) {
  switch (found) {
    case RecordioReader::Found::kBadMagic:
      fail(DecodeErrorCode::kBinaryShape, "a RecordIO frame begins with the wrong magic number");
      break;
    case RecordioReader::Found::kTooLong:
      error_.found = static_cast<uint32_t>(record_bytes_max(schema_.feature_count()));
      fail(DecodeErrorCode::kRowTooLong, {});
      break;
    default:
      fail(DecodeErrorCode::kBinaryShape, "the parts of a RecordIO record are out of order");
      break;
  }
}

bool RecordioDecoder::read_record(float* row) {
  given_ = false;
  wire::ProtobufReader record(records_.record());
  while (record.next()) {
    if (record.field() != kRecordFeatures) {
      record.skip();
    } else if (!read_features(record.bytes())) {
      return false;
    }
  }
  if (record.failed()) {
    return fail(DecodeErrorCode::kBinaryShape, kNoMessage);
  }
  if (!given_) {
    return fail(DecodeErrorCode::kBinaryShape, "the record has no feature named \"values\"");
  }
  return fill_row(row);
}

bool RecordioDecoder::read_features(std::string_view entry) {
  wire::ProtobufReader reader(entry);
  std::string_view key;
  std::string_view value;
  while (reader.next()) {
    switch (reader.field()) {
      case kEntryKey:
        key = reader.bytes();
        break;
      case kEntryValue:
        value = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  if (reader.failed()) {
    return fail(DecodeErrorCode::kBinaryShape, kNoMessage);
  }
  if (key != "values") {
    return true;
  }
  if (given_) {
    return fail(DecodeErrorCode::kBinaryShape, "the record has \"values\" twice");
  }
  given_ = true;
  return read_value(value);
}

bool RecordioDecoder::read_value(std::string_view value) {
  values_.clear();
  keys_.clear();
  shape_.reset();
  shape_values_ = 1;
  out_of_range_.reset();
  wire::ProtobufReader reader(value);
  while (reader.next()) {
    switch (reader.field()) {
      case kFloat32Tensor:
      case kFloat64Tensor:
      case kInt32Tensor: {
        const uint32_t kind = reader.field();
        if (!read_tensor(kind, reader.bytes())) {
          return false;
        }
        break;
      }
      case kBytes:
        return fail(DecodeErrorCode::kBinaryShape, "the features are bytes, not numbers");
      default:
        reader.skip();
    }
  }
  return !reader.failed() || fail(DecodeErrorCode::kBinaryShape, kNoMessage);
}

void RecordioDecoder::take(double value) {
  const auto narrow = static_cast<float>(value);
  if (schema_.narrowing.empty() && std::isinf(narrow) && !std::isinf(value) && !out_of_range_) {
    out_of_range_ = values_.size();
    std::string number;
    wire::append_number(number, value);
    error_.set_text(number);
  }
  values_.push_back(value);
}

bool RecordioDecoder::read_tensor(uint32_t kind, std::string_view tensor) {
  wire::ProtobufReader reader(tensor);
  while (reader.next()) {
    switch (reader.field()) {
      case kTensorValues:
        if (kind == kFloat32Tensor) {
          reader.floats([this](float value) { values_.push_back(static_cast<double>(value)); });
        } else if (kind == kFloat64Tensor) {
          reader.doubles([this](double value) { take(value); });
        } else {
          reader.int32s([this](int32_t value) { values_.push_back(value); });
        }
        break;
      case kTensorKeys:
        reader.uint64s([this](uint64_t key) { keys_.push_back(key); });
        break;
      case kTensorShape:
        reader.uint64s([this](uint64_t size) {
          shape_ = size;
          shape_values_ *= static_cast<double>(size);
        });
        break;
      default:
        reader.skip();
    }
  }
  return !reader.failed() || fail(DecodeErrorCode::kBinaryShape, kNoMessage);
}

bool RecordioDecoder::fill_row(float* row) {
  if (out_of_range_) {
    error_.column = static_cast<uint32_t>(*out_of_range_ + 1);
    const size_t feature = keys_.empty()                   ? *out_of_range_
                           : *out_of_range_ < keys_.size() ? keys_[*out_of_range_]
                                                           : schema_.feature_count();
    error_.feature = static_cast<uint32_t>(std::min(feature, schema_.feature_count()) + 1);
    const std::string number = error_.text.data();
    return fail(DecodeErrorCode::kNumberRange, number);
  }
  if (!keys_.empty() || (values_.empty() && shape_)) {
    return fill_sparse(row);
  }
  if (!check_width(values_.size())) {
    return false;
  }
  if (shape_ && shape_values_ != static_cast<double>(values_.size())) {
    return fail(DecodeErrorCode::kBinaryShape, "the shape is not that of the values");
  }
  for (size_t j = 0; j < values_.size(); ++j) {
    row[j] = value_of(j, values_[j]);
  }
  return true;
}

float RecordioDecoder::value_of(size_t feature, double value) const noexcept {
  return schema_.narrowing.empty() ? static_cast<float>(value)
                                   : schema_.narrowing.narrow(feature, value);
}

bool RecordioDecoder::fill_sparse(float* row) {
  if (keys_.size() != values_.size()) {
    return fail(DecodeErrorCode::kBinaryShape, "keys and values differ in number");
  }
  if (!shape_) {
    return fail(DecodeErrorCode::kBinaryShape, "the sparse features lack their shape");
  }
  if (!check_width(*shape_)) {
    return false;
  }
  std::fill_n(row, schema_.feature_count(), schema_.absent_value);
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] >= schema_.feature_count()) {
      error_.found = 0;
      error_.expected = static_cast<uint32_t>(schema_.feature_count());
      return fail(DecodeErrorCode::kIndexRange, std::to_string(keys_[i]));
    }
    if (row_of_[keys_[i]] == rows_ + 1) {
      return fail(DecodeErrorCode::kDuplicateIndex, std::to_string(keys_[i]));
    }
    row_of_[keys_[i]] = rows_ + 1;
    row[keys_[i]] = value_of(keys_[i], values_[i]);
  }
  return true;
}

bool RecordioDecoder::check_width(uint64_t found) {
  const uint64_t width = schema_.feature_count();
  if (found == width) {
    return true;
  }
  error_.found = static_cast<uint32_t>(std::min<uint64_t>(found, UINT32_MAX));
  error_.expected = static_cast<uint32_t>(width);
  return fail(found < width ? DecodeErrorCode::kTooFewColumns : DecodeErrorCode::kTooManyColumns,
              {});
}

bool RecordioDecoder::fail(DecodeErrorCode code, std::string_view text) {
  error_.code = code;
  error_.row = rows_ + 1;
  error_.byte = records_.frame_byte();
  error_.set_text(text);
  return false;
}

}  // namespace ringmaker::codec
