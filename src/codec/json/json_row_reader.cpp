#include "codec/json/json_row_reader.h"

#include "wire/number_parse.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace ringmaker::codec {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

DecodeErrorCode code_of(wire::NumberStatus status) {
  switch (status) {
    case wire::NumberStatus::kOutOfRange:
      return DecodeErrorCode::kNumberRange;
    case wire::NumberStatus::kTooLong:
      return DecodeErrorCode::kNumberLength;
    default:
      return DecodeErrorCode::kNotANumber;
  }
}

}  // namespace

JsonRowReader::JsonRowReader(const data::Schema& schema)
    : schema_(schema), features_(schema), categories_(schema), converter_(schema.missing_markers) {
  values_.reserve(schema.feature_count());
  keys_.reserve(schema.feature_count());
}

void JsonRowReader::reset() noexcept {
  targets_.clear();
  ignored_columns_ = false;
  error_ = {};
}

bool JsonRowReader::set_columns(const std::vector<std::string>& columns) {
  const size_t width = schema_.feature_count();
  targets_.clear();
  error_ = {};
  named_.assign(width, false);
  bool in_order = columns.size() == width;
  for (size_t k = 0; k < columns.size(); ++k) {
    const auto feature = features_.find(columns[k]);
    targets_.push_back(feature ? static_cast<int32_t>(*feature) : -1);
    if (feature && named_[*feature]) {
      error_.column = static_cast<uint32_t>(k + 1);
      return fail(DecodeErrorCode::kDuplicateColumn, columns[k]);
    }
    if (feature) {
      named_[*feature] = true;
    }
    ignored_columns_ |= !feature;
    in_order &= feature && *feature == k;
  }
  const auto lacking = std::find(named_.begin(), named_.end(), false);
  if (lacking != named_.end()) {
    return fail(DecodeErrorCode::kLacksColumn,
                schema_.feature_names[static_cast<size_t>(lacking - named_.begin())]);
  }
  if (in_order) {
    targets_.clear();
  }
  return true;
}

void JsonRowReader::begin(float* out, bool whole, size_t rows_max) noexcept {
  out_ = out;
  whole_ = whole;
  rows_max_ = rows_max;
  rows_ = 0;
  state_ = State::kOutside;
  ignored_depth_ = 0;
  error_ = {};
}

bool JsonRowReader::takes_values() const noexcept {
  return ignored_depth_ == 0 && (state_ == State::kRow || state_ == State::kValues ||
                                 (state_ == State::kInstance && named_feature_.has_value()));
}

bool JsonRowReader::on_begin_array() {
  if (ignored_depth_ > 0) {
    ++ignored_depth_;
    return true;
  }
  const bool opens_row = (state_ == State::kOutside && whole_) || state_ == State::kInstances ||
                         (state_ == State::kInstance && key_ == Key::kFeatures);
  if (opens_row && !has_room()) {
    return false;
  }
  if (opens_row && state_ == State::kInstance && !give(Given::kArray)) {
    return false;
  }
  if (opens_row) {
    around_row_ = state_;
    state_ = State::kRow;
    count_ = 0;
    return true;
  }
  switch (state_) {
    case State::kOutside:
      state_ = State::kInstances;
      return true;
    case State::kFeatures:
      if (key_ == Key::kValues || key_ == Key::kKeys || key_ == Key::kShape) {
        return begin_list();
      }
      [[fallthrough]];
    case State::kInstance:
    case State::kData:
      ignored_depth_ = 1;
      return true;
    default:
      return fail(DecodeErrorCode::kJsonShape, "an array stands where a number should be");
  }
}

/// Values, keys or a shape.
bool JsonRowReader::begin_list() {
  const bool values = key_ == Key::kValues;
  const bool keys = key_ == Key::kKeys;
  bool& given = values ? values_given_ : keys ? keys_given_ : shape_given_;
  if (given) {
    return fail(DecodeErrorCode::kDuplicateColumn, values ? "values" : keys ? "keys" : "shape");
  }
  given = true;
  state_ = values ? State::kValues : keys ? State::kKeys : State::kShape;
  return true;
}

/// Names are many; the other ways are gone once.
bool JsonRowReader::give(Given way) {
  if (given_ == Given::kNothing || (given_ == way && way == Given::kNames)) {
    given_ = way;
    return true;
  }
  if (given_ == Given::kNames || way == Given::kNames) {
    return fail(DecodeErrorCode::kJsonShape, "an instance has \"features\" and values by name");
  }
  return fail(DecodeErrorCode::kDuplicateColumn, "features");
}

bool JsonRowReader::on_end_array() {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return true;
  }
  switch (state_) {
    case State::kRow:
      state_ = around_row_;
      return state_ == State::kInstance || finish_row();
    case State::kInstances:
      state_ = State::kOutside;
      return true;
    default:
      state_ = State::kFeatures;  // of values, keys or shape
      return true;
  }
}

bool JsonRowReader::on_begin_object() {
  if (ignored_depth_ > 0) {
    ++ignored_depth_;
    return true;
  }
  switch (state_) {
    case State::kInstances:
      if (!has_room()) {
        return false;
      }
      state_ = State::kInstance;
      given_ = Given::kNothing;
      values_given_ = false;
      keys_given_ = false;
      shape_given_ = false;
      text_before_keys_ = false;
      values_.clear();
      keys_.clear();
      shape_.reset();
      shape_values_ = 1;
      named_.assign(schema_.feature_count(), false);
      named_count_ = 0;
      return true;
    case State::kInstance:
    case State::kData:
      if (key_ == Key::kFeatures) {
        around_features_ = state_;
        state_ = State::kFeatures;
        return give(Given::kFeatures);
      }
      if (key_ == Key::kData && state_ == State::kInstance) {
        state_ = State::kData;
      } else {
        ignored_depth_ = 1;
      }
      return true;
    case State::kFeatures:
      ignored_depth_ = 1;
      return true;
    default:
      return fail(DecodeErrorCode::kJsonShape, "an object stands where a number should be");
  }
}

bool JsonRowReader::on_end_object() {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return true;
  }
  if (state_ == State::kFeatures) {
    state_ = around_features_;
    return true;
  }
  if (state_ == State::kData) {
    state_ = State::kInstance;
    return true;
  }
  state_ = State::kInstances;
  return finish_instance();
}

bool JsonRowReader::on_key(std::string_view key) {
  if (ignored_depth_ > 0) {
    return true;
  }
  key_ = key == "features"        ? Key::kFeatures
         : key == "data"          ? Key::kData
         : key == "values"        ? Key::kValues
         : key == "keys"          ? Key::kKeys
         : key == "shape"         ? Key::kShape
         : key == "configuration" ? Key::kConfiguration
                                  : Key::kOther;
  if (state_ == State::kInstance) {
    named_feature_ = features_.find(key);
  }
  return true;
}

/// The feature of the value to come, where it is a text or its categories have names.
std::optional<size_t> JsonRowReader::named_feature() noexcept {
  if (categories_.empty() || !takes_values()) {
    return std::nullopt;
  }
  size_t feature = schema_.feature_count();
  if (state_ == State::kInstance) {
    feature = *named_feature_;
  } else if (state_ == State::kRow) {
    const bool named = count_ < targets_.size() && targets_[count_] >= 0;
    feature = targets_.empty() ? count_ : named ? static_cast<size_t>(targets_[count_]) : feature;
  } else {
    text_before_keys_ |= !keys_given_;
    const size_t at = values_.size();
    feature = !keys_given_ ? at : at < keys_.size() ? static_cast<size_t>(keys_[at]) : feature;
  }
  const bool named = schema_.takes_texts(feature);
  return named ? std::optional(feature) : std::nullopt;
}

bool JsonRowReader::on_number(double value, std::string_view token) {
  if (ignored_depth_ == 0 && (state_ == State::kKeys || state_ == State::kShape)) {
    return put_index(value);
  }
  if (const auto feature = named_feature()) {
    if (const auto code = categories_.code_of(*feature, token)) {
      return put(static_cast<double>(*code));
    }
  }
  if (!schema_.narrowing.empty()) {
    return put_wide(value, token);
  }
  float narrow = static_cast<float>(value);
  const bool too_long = token.size() > wire::kNumberLengthMax;
  if (wire::is_float_tie(value) && !too_long) {
    narrow = wire::parse_float(token).value;
  }
  if (std::isinf(narrow) && token.find('I') == std::string_view::npos) {
    return fail_value(DecodeErrorCode::kNumberRange, token);  // and not the word Infinity
  }
  if (too_long) {
    return fail_value(DecodeErrorCode::kNumberLength, token);
  }
  return put(converter_.is_missing_value(narrow) ? kMissing : static_cast<double>(narrow));
}

bool JsonRowReader::put_wide(double value, std::string_view token) {
  if (std::isinf(value) && token.find_first_of("iI") == std::string_view::npos) {
    return fail_value(DecodeErrorCode::kNumberRange, token);
  }
  if (token.size() > wire::kNumberLengthMax) {
    return fail_value(DecodeErrorCode::kNumberLength, token);
  }
  return put(converter_.is_missing_value(static_cast<float>(value)) ? kMissing : value);
}

bool JsonRowReader::on_string(std::string_view text) {
  if (!takes_values()) {
    return put(kMissing);
  }
  const auto feature = named_feature();
  if (const auto code = feature ? categories_.code_of(*feature, text) : std::nullopt) {
    return put(static_cast<double>(*code));
  }
  if (converter_.is_missing(text)) {
    return put(kMissing);
  }
  wire::NumberStatus status = wire::NumberStatus::kOk;
  if (schema_.narrowing.empty()) {
    const auto number = wire::parse_float(text);
    if (number.ok()) {
      return put(static_cast<double>(number.value));
    }
    status = number.status;
  } else {
    const auto number = wire::parse_double(text);
    if (number.ok()) {
      return put_wide(number.value, text);
    }
    status = number.status;
  }
  if (const auto meant = feature ? categories_.value_of(*feature, text) : std::nullopt) {
    return put(static_cast<double>(*meant));
  }
  return fail_value(code_of(status), text);
}

bool JsonRowReader::on_bool(bool truth) {
  return takes_values() ? fail_value(DecodeErrorCode::kNotANumber, truth ? "true" : "false")
                        : put(kMissing);
}

bool JsonRowReader::on_null() {
  const auto feature = named_feature();
  return put(feature && schema_.is_text(*feature)
                 ? static_cast<double>(categories_.code_of_text(*feature, {}))
                 : kMissing);
}

float JsonRowReader::value_of(size_t feature, double value) const noexcept {
  return schema_.narrowing.empty() ? static_cast<float>(value)
                                   : schema_.narrowing.narrow(feature, value);
}

bool JsonRowReader::put(double value) {
  if (ignored_depth_ > 0) {
    return true;
  }
  switch (state_) {
    case State::kRow:
      if (targets_.empty()) {
        if (count_ < schema_.feature_count()) {
          out_[count_] = value_of(count_, value);
        }
      } else if (count_ < targets_.size() && targets_[count_] >= 0) {
        const auto feature = static_cast<size_t>(targets_[count_]);
        out_[feature] = value_of(feature, value);
      }
      ++count_;
      return true;
    case State::kValues:
      values_.push_back(value);
      return true;
    case State::kInstance:
      if (named_feature_) {
        if (!give(Given::kNames)) {
          return false;
        }
        if (named_[*named_feature_]) {
          return fail(DecodeErrorCode::kDuplicateColumn, schema_.feature_names[*named_feature_]);
        }
        out_[*named_feature_] = value_of(*named_feature_, value);
        named_[*named_feature_] = true;
        ++named_count_;
      } else {
        ignored_columns_ |= key_ == Key::kOther;
      }
      return true;
    case State::kData:
    case State::kFeatures:
      return true;
    case State::kInstances:
      return fail(DecodeErrorCode::kJsonShape, "an instance is neither an array nor an object");
    default:
      return fail_index();
  }
}

bool JsonRowReader::put_index(double value) {
  const bool whole = value >= 0 && value <= 4294967295.0 && value == std::floor(value);
  if (!whole) {
    return fail_index();
  }
  const auto index = static_cast<uint64_t>(value);
  if (state_ == State::kKeys) {
    keys_.push_back(index);
  } else {
    shape_ = index;  // [n] or [1, n]: the last one is the width
    shape_values_ *= value;
  }
  return true;
}

bool JsonRowReader::has_room() {
  return rows_ < rows_max_ || fail(DecodeErrorCode::kJsonSyntax, {});
}

bool JsonRowReader::finish_row() {
  const size_t expected = targets_.empty() ? schema_.feature_count() : targets_.size();
  if (!check_width(count_, expected)) {
    return false;
  }
  out_ += schema_.feature_count();
  ++rows_;
  return true;
}

bool JsonRowReader::finish_instance() {
  if (given_ == Given::kArray) {
    return finish_row();
  }
  if (given_ == Given::kFeatures ? !finish_features() : !finish_named()) {
    return false;
  }
  out_ += schema_.feature_count();
  ++rows_;
  return true;
}

bool JsonRowReader::finish_features() {
  const size_t width = schema_.feature_count();
  if (!keys_given_ && !values_given_) {
    return fail(DecodeErrorCode::kJsonShape,
                "an object without \"values\" stands where the array \"features\" should be");
  }
  if (!keys_given_) {
    if (!check_width(values_.size(), width)) {
      return false;
    }
    if (shape_ && shape_values_ != static_cast<double>(values_.size())) {
      return fail(DecodeErrorCode::kJsonShape, "the shape is not that of the values");
    }
    for (size_t j = 0; j < width; ++j) {
      out_[j] = value_of(j, values_[j]);
    }
    return true;
  }
  if (text_before_keys_) {
    return fail(DecodeErrorCode::kJsonShape, "keys come behind values of which some may be texts");
  }
  if (keys_.size() != values_.size()) {
    return fail(DecodeErrorCode::kJsonShape, "keys and values differ in number");
  }
  if (shape_ && !check_width(*shape_, width)) {
    return false;
  }
  std::fill_n(out_, width, schema_.absent_value);
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] >= width) {
      error_.found = 0;
      error_.expected = static_cast<uint32_t>(width);
      return fail(DecodeErrorCode::kIndexRange, std::to_string(keys_[i]));
    }
    if (named_[keys_[i]]) {
      return fail(DecodeErrorCode::kDuplicateIndex, std::to_string(keys_[i]));
    }
    named_[keys_[i]] = true;
    out_[keys_[i]] = value_of(keys_[i], values_[i]);
  }
  return true;
}

bool JsonRowReader::finish_named() {
  if (named_count_ == schema_.feature_count()) {
    return true;
  }
  if (named_count_ == 0) {
    return fail(DecodeErrorCode::kJsonShape, "an instance has none of the model's columns");
  }
  const auto lacking = std::find(named_.begin(), named_.end(), false);
  return fail(DecodeErrorCode::kUnknownColumn,
              schema_.feature_names[static_cast<size_t>(lacking - named_.begin())]);
}

bool JsonRowReader::check_width(size_t found, size_t expected) {
  if (found == expected) {
    return true;
  }
  error_.code =
      found < expected ? DecodeErrorCode::kTooFewColumns : DecodeErrorCode::kTooManyColumns;
  error_.found = static_cast<uint32_t>(std::min<size_t>(found, UINT32_MAX));
  error_.expected = static_cast<uint32_t>(expected);
  return false;
}

bool JsonRowReader::fail(DecodeErrorCode code, std::string_view text) {
  error_.code = code;
  error_.set_text(text);
  return false;
}

/// Among keys, or in a shape.
bool JsonRowReader::fail_index() {
  return fail(DecodeErrorCode::kJsonShape, state_ == State::kKeys
                                               ? "\"keys\" are indices from 0, whole numbers"
                                               : "\"shape\" holds whole numbers");
}

/// A value is wrong; where it would not be looked at, it is nothing.
bool JsonRowReader::fail_value(DecodeErrorCode code, std::string_view text) {
  if (!takes_values()) {
    return put(kMissing);
  }
  size_t column = state_ == State::kValues ? values_.size() : count_;
  size_t feature = column;
  if (state_ == State::kInstance) {
    feature = named_feature_.value_or(schema_.feature_count());
    column = feature;
  } else if (state_ == State::kRow && !targets_.empty()) {
    const bool known = column < targets_.size() && targets_[column] >= 0;
    feature = known ? static_cast<size_t>(targets_[column]) : schema_.feature_count();
  }
  if (feature >= schema_.feature_count()) {
    return put(kMissing);  // no column of ours; that there are too many is said at the end
  }
  error_.column = static_cast<uint32_t>(column + 1);
  error_.feature = static_cast<uint32_t>(feature + 1);
  return fail(code, text);
}

}  // namespace ringmaker::codec
