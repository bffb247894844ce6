#include "codec/tensors/tensor_encoder.h"

#include "base/check.h"
#include "codec/selected/json_field.h"
#include "codec/selected/selected_row.h"
#include "wire/little_endian.h"
#include "wire/number_format.h"

#include <cmath>
#include <limits>

namespace ringmaker::codec {
namespace {

constexpr std::string_view kOpen = "\"outputs\":[";
constexpr std::string_view kClose = "]}";
constexpr std::string_view kTensorClose = "]}";
constexpr std::string_view kTexts = "BYTES";
/// Of a tensor without its data: names and datatypes are ours.
constexpr size_t kHeadBytesMax = 160;

template <class T>
void append_scalar(T value, std::string& out) {
  const size_t at = out.size();
  out.resize(at + sizeof(T));
  wire::store_little_endian(out.data() + at, value);
}

bool is_whole(float number) noexcept {
  return std::abs(number) < 0x1p24F && number == std::trunc(number);
}

std::string_view label_datatype(const data::OutputSchema& output) {
  if (!output.numeric_classes) {
    return kTexts;
  }
  const ClassLabels labels(output);
  for (size_t i = 0; i < labels.count(); ++i) {
    if (!is_whole(labels.number(i))) {
      return "FP64";
    }
  }
  return "INT64";
}

}  // namespace

std::string_view tensor_datatype(const data::OutputSchema& output, OutputField field) {
  return FieldReader::is_class(field) ? label_datatype(output) : "FP32";
}

TensorEncoder::TensorEncoder(const data::OutputSchema& output, const OutputSelection& selection)
    : reader_(output), selection_(selection) {
  bool texts_as_bytes = false;
  for (size_t i = 0; i < outputs(); ++i) {
    datatypes_[i] = tensor_datatype(output, selection_.fields()[i]);
    texts_as_bytes |= selection_.as_bytes(i) && datatypes_[i] == kTexts;
    if (!selection_.as_bytes(i)) {
      order_[as_json_++] = i;
    }
  }
  size_t written = as_json_;
  for (size_t i = 0; i < outputs(); ++i) {
    if (selection_.as_bytes(i)) {
      order_[written++] = i;
    }
  }
  measures_ = texts_as_bytes || (as_json_ > 0 && as_json_ < outputs());
}

std::string_view TensorEncoder::content_type() const noexcept {
  return as_json_ < outputs() ? "application/octet-stream" : "application/json";
}

size_t TensorEncoder::value_bytes(size_t output) const noexcept {
  return datatypes_[output] == "FP32" ? sizeof(float) : sizeof(int64_t);
}

/// Of its values, which stand as bytes behind the JSON, or as JSON before such.
uint64_t TensorEncoder::data_bytes(size_t output, const Portion& portion) const noexcept {
  if (selection_.as_bytes(output) && datatypes_[output] != kTexts) {
    return portion.rows_total * reader_.elements(selection_.fields()[output]) * value_bytes(output);
  }
  RM_DCHECK(portion.sizes != nullptr);
  return portion.sizes->bytes[output];
}

void TensorEncoder::append_opening(const Portion& portion, std::string& out) const {
  out.append("{").append(portion.opening).append(kOpen);
}

/// {"name":"probability","shape":[2],"datatype":"FP32", with what comes before the values, or what
/// tells of them.
void TensorEncoder::append_head(size_t output, const Portion& portion, std::string& out) const {
  const OutputField field = selection_.fields()[output];
  out.append(output == 0 ? "" : ",").append(R"({"name":")").append(name(field));
  out += R"(","shape":[)";
  wire::append_number(out, portion.rows_total);
  if (reader_.is_list(field)) {
    const size_t lists = reader_.lists(field);
    if (lists > 1) {
      out += ',';
      wire::append_number(out, uint64_t{lists});
    }
    out += ',';
    wire::append_number(out, uint64_t{reader_.elements(field) / lists});
  }
  out.append(R"(],"datatype":")").append(datatypes_[output]).append("\"");
  if (!selection_.as_bytes(output)) {
    out += R"(,"data":[)";
    return;
  }
  out += R"(,"parameters":{"binary_data_size":)";
  wire::append_number(out, data_bytes(output, portion));
  out += "}}";
}

/// Of `output` and those behind it, before the next whose values are JSON.
void TensorEncoder::append_heads_of_bytes(size_t output, const Portion& portion,
                                          std::string& out) const {
  for (; output < outputs() && selection_.as_bytes(output); ++output) {
    append_head(output, portion, out);
  }
}

std::optional<uint64_t> TensorEncoder::json_bytes(const Portion& portion) const {
  if (as_json_ == outputs()) {
    return std::nullopt;
  }
  std::string text;
  append_opening(portion, text);
  uint64_t data = 0;
  for (size_t i = 0; i < outputs(); ++i) {
    append_head(i, portion, text);
    data += selection_.as_bytes(i) ? 0 : data_bytes(i, portion) + kTensorClose.size();
  }
  return text.size() + data + kClose.size();
}

void TensorEncoder::encode(data::DenseView scores, const Portion& portion, std::string& out) const {
  RM_DCHECK(portion.pass < passes());
  if (measures_ && portion.pass == 0) {
    measure(scores, portion, out);
    return;
  }
  const size_t place = portion.pass - (measures_ ? 1 : 0);
  const size_t output = order_[place];
  const bool is_json = place < as_json_;
  if (portion.first && place == 0) {
    append_opening(portion, out);
    append_heads_of_bytes(0, portion, out);
    out += is_json ? std::string_view() : kClose;
  }
  if (portion.first && is_json) {
    append_head(output, portion, out);
  }
  append_values(output, scores, portion, out);
  if (portion.last && is_json) {
    out += kTensorClose;
    append_heads_of_bytes(output + 1, portion, out);
    out += place + 1 == as_json_ ? kClose : std::string_view();
  }
}

void TensorEncoder::append_values(size_t output, data::DenseView scores, const Portion& portion,
                                  std::string& out) const {
  const OutputField field = selection_.fields()[output];
  const size_t elements = reader_.elements(field);
  for (size_t i = 0; i < scores.rows; ++i) {
    const FieldReader::Row row = row_at(reader_, selection_, scores, portion, i);
    for (size_t k = 0; k < elements; ++k) {
      if (selection_.as_bytes(output)) {
        append_bytes(output, row, k, out);
        continue;
      }
      if (!portion.first || i + k > 0) {
        out += ',';
      }
      append_json_element(reader_, field, k, row, out);
    }
  }
}

void TensorEncoder::append_bytes(size_t output, const FieldReader::Row& row, size_t element,
                                 std::string& out) const {
  const OutputField field = selection_.fields()[output];
  if (datatypes_[output] == kTexts) {
    const std::optional<size_t> label = FieldReader::class_at(field, element, row);
    const std::string_view text = label ? reader_.labels().text(*label) : std::string_view();
    append_scalar(static_cast<uint32_t>(text.size()), out);
    out += text;
    return;
  }
  const float number = reader_.number_at(field, element, row);
  if (datatypes_[output] == "FP32") {
    append_scalar(number, out);
  } else if (datatypes_[output] == "FP64") {
    append_scalar(static_cast<double>(number), out);
  } else {
    append_scalar(
        std::isnan(number) ? std::numeric_limits<int64_t>::min() : static_cast<int64_t>(number),
        out);
  }
}

/// Adds up what the rows alone tell. `out` is where values are written to be counted.
void TensorEncoder::measure(data::DenseView scores, const Portion& portion,
                            std::string& out) const {
  RM_DCHECK(portion.sizes != nullptr);
  const size_t written = out.size();
  for (size_t i = 0; i < outputs(); ++i) {
    if (!selection_.as_bytes(i) || datatypes_[i] == kTexts) {
      append_values(i, scores, portion, out);
      portion.sizes->bytes[i] += out.size() - written;
      out.resize(written);
    }
  }
}

size_t TensorEncoder::bytes_max(size_t rows) const noexcept {
  size_t bytes = kOpen.size() + kClose.size() + 2;
  for (const OutputField field : selection_.fields()) {
    const size_t value =
        FieldReader::is_class(field) ? reader_.labels().bytes_max() : wire::kNumberBytesMax;
    // Behind a comma, or a length.
    bytes += kHeadBytesMax + rows * reader_.elements(field) * (value + sizeof(uint32_t));
  }
  return bytes;
}

}  // namespace ringmaker::codec
