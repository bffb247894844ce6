#include "codec/tensors/tensor_values.h"

#include "wire/number_parse.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace ringmaker::codec {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void TensorValues::begin_tensor(TensorType type, std::optional<size_t> feature, size_t columns) {
  type_ = type;
  feature_ = feature;
  columns_ = columns;
}

void TensorValues::begin_part(bool nested, float* rows, std::vector<double>* gathered) noexcept {
  nested_ = nested;
  rows_ = rows;
  gathered_ = gathered;
  count_ = 0;
  row_begin_ = 0;
  depth_ = 0;
  error_ = {};
}

bool TensorValues::on_begin_array() {
  ++depth_;
  row_begin_ = count_;
  return depth_ <= (nested_ ? 2 : 1) ||
         fail(DecodeErrorCode::kTensor, "an array stands where a value should be");
}

bool TensorValues::on_end_array() {
  --depth_;
  const size_t found = count_ - row_begin_;
  if (!nested_ || depth_ != 1 || found == columns_) {
    return true;
  }
  count_ = row_begin_;
  if (feature_) {
    return fail(DecodeErrorCode::kTensor, "its rows are not as long as its shape says");
  }
  error_.found = static_cast<uint32_t>(std::min<size_t>(found, UINT32_MAX));
  error_.expected = static_cast<uint32_t>(columns_);
  return fail(found < columns_ ? DecodeErrorCode::kTooFewColumns : DecodeErrorCode::kTooManyColumns,
              {});
}

bool TensorValues::on_begin_object() {
  return fail(DecodeErrorCode::kTensor, "an object stands where a value should be");
}

bool TensorValues::on_number(double value, std::string_view token) {
  if (type_ == TensorType::kBytes) {
    return fail_text("a number");
  }
  if (token.size() > wire::kNumberLengthMax) {
    return fail_value(DecodeErrorCode::kNumberLength, token);
  }
  if (!holds(type_, value)) {
    return fail_value(DecodeErrorCode::kTensorValue, token);
  }
  const bool as_float = schema_.narrowing.empty() || type_ == TensorType::kFp32;
  const float narrow =
      wire::is_float_tie(value) ? wire::parse_float(token).value : static_cast<float>(value);
  const double taken = as_float ? static_cast<double>(narrow) : value;
  // The word Infinity is what it says.
  if (std::isinf(taken) && token.find_first_of("iI") == std::string_view::npos) {
    return fail_value(DecodeErrorCode::kNumberRange, token);
  }
  return put(converter_.is_missing_value(narrow) ? kMissing : taken);
}

bool TensorValues::on_string(std::string_view text) {
  if (type_ == TensorType::kBytes) {
    const size_t feature = feature_.value_or(count_ % columns_);
    const auto value = categories_.value_of(feature, text);
    return value ? put(static_cast<double>(*value))
                 : fail_value(DecodeErrorCode::kNotANumber, text);
  }
  return fail_value(DecodeErrorCode::kTensorValue, text);
}

bool TensorValues::on_bool(bool truth) {
  if (type_ == TensorType::kBytes) {
    return fail_text("a truth value");
  }
  return type_ == TensorType::kBool
             ? put(truth ? 1 : 0)
             : fail_value(DecodeErrorCode::kTensorValue, truth ? "true" : "false");
}

bool TensorValues::on_null() {
  return type_ == TensorType::kBytes ? fail_text("null") : put(kMissing);
}

bool TensorValues::put(double value) {
  if (nested_ && depth_ != 2) {
    return fail(DecodeErrorCode::kTensor, "a value stands where a row should be");
  }
  if (nested_ && count_ - row_begin_ >= columns_) {
    ++count_;  // too many, which is said at the row's end
    return true;
  }
  if (gathered_ != nullptr) {
    gathered_->push_back(value);
  } else if (rows_ != nullptr) {
    rows_[count_] = schema_.narrowing.empty() ? static_cast<float>(value)
                                              : schema_.narrowing.narrow(count_ % columns_, value);
  }
  ++count_;
  return true;
}

bool TensorValues::fail(DecodeErrorCode code, std::string_view text) {
  error_.code = code;
  error_.row = count_ / columns_ + 1;
  error_.set_text(text);
  if (code == DecodeErrorCode::kTensorValue) {
    error_.set_member(name(type_));
  }
  return false;
}

bool TensorValues::fail_text(std::string_view what) {
  return fail(DecodeErrorCode::kTensor, std::string(what) + " stands where a text should be");
}

bool TensorValues::fail_value(DecodeErrorCode code, std::string_view text) {
  if (nested_ && (depth_ != 2 || count_ - row_begin_ >= columns_)) {
    return put(kMissing);  // no value of a row, which put() says, or the row's end
  }
  if (!feature_) {
    error_.column = static_cast<uint32_t>(count_ % columns_ + 1);
  }
  error_.feature = static_cast<uint32_t>(feature_.value_or(count_ % columns_) + 1);
  return fail(code, text);
}

}  // namespace ringmaker::codec
