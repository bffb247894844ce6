#include "codec/tensors/tensor_member.h"

#include <cmath>

namespace ringmaker::codec {
namespace {

/// Beyond all sizes, and exact as a double.
constexpr double kWholeMax = 0x1p53;

std::optional<uint64_t> whole(double value) noexcept {
  if (!(value >= 0 && value <= kWholeMax) || value != std::trunc(value)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(value);
}

}  // namespace

void TensorMember::reset() noexcept {
  kind_ = Kind::kOther;
  key_ = Key::kOther;
  depth_ = 0;
  text_.reset();
  numbers_.clear();
  binary_bytes_.reset();
  binary_.reset();
  binary_output_.reset();
  problem_ = {};
}

/// A value has come that is none for the key that it stands behind.
void TensorMember::note_wrong_kind() noexcept {
  if (kind_ != Kind::kObject || !problem_.empty()) {
    return;
  }
  if (key_ == Key::kBinaryBytes) {
    problem_ = "\"binary_data_size\" is no whole number";
  } else if (key_ == Key::kBinary) {
    problem_ = "\"binary_data\" is neither true nor false";
  } else if (key_ == Key::kBinaryOutput) {
    problem_ = "\"binary_data_output\" is neither true nor false";
  }
}

bool TensorMember::on_begin_array() {
  note_wrong_kind();
  ++depth_;
  if (depth_ == 2) {
    kind_ = Kind::kNumbers;
  } else if (depth_ > 2 && kind_ == Kind::kNumbers) {
    kind_ = Kind::kOther;
  }
  return true;
}

bool TensorMember::on_end_array() {
  --depth_;
  return true;
}

bool TensorMember::on_begin_object() {
  note_wrong_kind();
  ++depth_;
  kind_ = depth_ == 2 ? Kind::kObject : kind_ == Kind::kNumbers ? Kind::kOther : kind_;
  key_ = Key::kOther;
  return true;
}

bool TensorMember::on_end_object() {
  --depth_;
  return true;
}

bool TensorMember::on_key(std::string_view key) {
  key_ = key == "name" && depth_ == 2  ? Key::kName
         : key == "binary_data_size"   ? Key::kBinaryBytes
         : key == "binary_data"        ? Key::kBinary
         : key == "binary_data_output" ? Key::kBinaryOutput
                                       : Key::kOther;
  return true;
}

bool TensorMember::scalar() noexcept {
  if (kind_ == Kind::kNumbers) {
    kind_ = Kind::kOther;
  }
  return true;
}

bool TensorMember::on_number(double value, std::string_view /*token*/) {
  const auto number = whole(value);
  if (kind_ == Kind::kObject) {
    if (key_ == Key::kBinaryBytes && number) {
      binary_bytes_ = number;
    } else {
      note_wrong_kind();
    }
    return true;
  }
  if (kind_ != Kind::kNumbers || depth_ != 2 || !number) {
    return scalar();
  }
  numbers_.push_back(*number);
  return true;
}

bool TensorMember::on_string(std::string_view text) {
  if (depth_ == 1) {
    kind_ = Kind::kText;
    text_ = text;
  } else if (kind_ == Kind::kObject && key_ == Key::kName) {
    text_ = text;
  } else {
    note_wrong_kind();
  }
  return scalar();
}

bool TensorMember::on_bool(bool truth) {
  if (kind_ == Kind::kObject && key_ == Key::kBinary) {
    binary_ = truth;
  } else if (kind_ == Kind::kObject && key_ == Key::kBinaryOutput) {
    binary_output_ = truth;
  } else {
    note_wrong_kind();
  }
  return scalar();
}

bool TensorMember::on_null() { return scalar(); }

}  // namespace ringmaker::codec
