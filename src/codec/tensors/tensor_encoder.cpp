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
    return "BYTES";
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

TensorEncoder::TensorEncoder(const data::OutputSchema& output, const OutputSelection& selection,
                             bool as_bytes)
    : reader_(output), selection_(selection), as_bytes_(as_bytes) {
  for (size_t i = 0; i < passes(); ++i) {
    datatypes_[i] = tensor_datatype(output, selection_.fields()[i]);
    RM_CHECK(!as_bytes || datatypes_[i] != "BYTES");
  }
}

std::string_view TensorEncoder::content_type() const noexcept {
  return as_bytes_ ? "application/octet-stream" : "application/json";
}

/// {"name":"probability","shape":[2],"datatype":"FP32"
void TensorEncoder::append_head(size_t pass, uint64_t rows, std::string& out) const {
  const OutputField field = selection_.fields()[pass];
  out.append(pass == 0 ? "" : ",").append(R"({"name":")").append(name(field));
  out += R"(","shape":[)";
  wire::append_number(out, rows);
  if (reader_.is_list(field)) {
    const size_t lists = reader_.lists(field);
    if (lists > 1) {
      out += ',';
      wire::append_number(out, uint64_t{lists});
    }
    out += ',';
    wire::append_number(out, uint64_t{reader_.elements(field) / lists});
  }
  out.append(R"(],"datatype":")").append(datatypes_[pass]).append("\"");
}

size_t TensorEncoder::value_bytes(size_t pass) const noexcept {
  return datatypes_[pass] == "FP32" ? sizeof(float) : sizeof(int64_t);
}

/// All of the JSON, of an answer whose values follow it.
void TensorEncoder::append_json(const Portion& portion, std::string& out) const {
  out.append("{").append(portion.opening).append(kOpen);
  for (size_t pass = 0; pass < passes(); ++pass) {
    append_head(pass, portion.rows_total, out);
    out += R"(,"parameters":{"binary_data_size":)";
    wire::append_number(
        out, portion.rows_total * reader_.elements(selection_.fields()[pass]) * value_bytes(pass));
    out += "}}";
  }
  out += kClose;
}

std::optional<uint64_t> TensorEncoder::json_bytes(const Portion& portion) const {
  if (!as_bytes_) {
    return std::nullopt;
  }
  std::string text;
  append_json(portion, text);
  return text.size();
}

void TensorEncoder::encode(data::DenseView scores, const Portion& portion, std::string& out) const {
  RM_DCHECK(portion.pass < passes());
  const OutputField field = selection_.fields()[portion.pass];
  const size_t elements = reader_.elements(field);
  if (portion.first && as_bytes_ && portion.pass == 0) {
    append_json(portion, out);
  } else if (portion.first && !as_bytes_) {
    if (portion.pass == 0) {
      out.append("{").append(portion.opening).append(kOpen);
    }
    append_head(portion.pass, portion.rows_total, out);
    out += R"(,"data":[)";
  }
  for (size_t i = 0; i < scores.rows; ++i) {
    const FieldReader::Row row = row_at(reader_, selection_, scores, portion, i);
    for (size_t k = 0; k < elements; ++k) {
      if (as_bytes_) {
        append_bytes(portion.pass, row, k, out);
        continue;
      }
      if (!portion.first || i + k > 0) {
        out += ',';
      }
      append_json_element(reader_, field, k, row, out);
    }
  }
  if (portion.last && !as_bytes_) {
    out += "]}";
    if (portion.pass + 1 == passes()) {
      out += kClose;
    }
  }
}

void TensorEncoder::append_bytes(size_t pass, const FieldReader::Row& row, size_t element,
                                 std::string& out) const {
  const float number = reader_.number_at(selection_.fields()[pass], element, row);
  if (datatypes_[pass] == "FP32") {
    append_scalar(number, out);
  } else if (datatypes_[pass] == "FP64") {
    append_scalar(static_cast<double>(number), out);
  } else {
    append_scalar(
        std::isnan(number) ? std::numeric_limits<int64_t>::min() : static_cast<int64_t>(number),
        out);
  }
}

size_t TensorEncoder::bytes_max(size_t rows) const noexcept {
  size_t bytes = kOpen.size() + kClose.size() + 2;
  for (const OutputField field : selection_.fields()) {
    const size_t value =
        FieldReader::is_class(field) ? reader_.labels().bytes_max() : wire::kNumberBytesMax;
    bytes += kHeadBytesMax + rows * reader_.elements(field) * (value + 1);
  }
  return bytes;
}

}  // namespace ringmaker::codec
