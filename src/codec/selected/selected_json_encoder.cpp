#include "codec/selected/selected_json_encoder.h"

#include "codec/json/predictions.h"
#include "codec/media_type.h"
#include "codec/selected/json_field.h"
#include "codec/selected/selected_row.h"

namespace ringmaker::codec {

std::string_view SelectedJsonEncoder::content_type() const noexcept {
  return media_type_name(lines_ ? Format::kJsonLines : Format::kJson);
}

void SelectedJsonEncoder::append_row(const FieldReader::Row& row, std::string& out) const {
  char before = '{';
  for (const OutputField field : selection_.fields()) {
    out += before;
    out += '"';
    out += name(field);
    out += "\":";
    append_json_field(reader_, field, row, ",", out);
    before = ',';
  }
  out += '}';
}

void SelectedJsonEncoder::encode(data::DenseView scores, const Portion& portion,
                                 std::string& out) const {
  if (portion.first && !lines_) {
    out += kPredictionsOpen;
  }
  bool first = portion.first;
  for_each_row(reader_, selection_, scores, portion, [&](const FieldReader::Row& row) {
    if (!first && !lines_) {
      out += ',';
    }
    first = false;
    append_row(row, out);
    if (lines_) {
      out += '\n';
    }
  });
  if (portion.last && !lines_) {
    out += kPredictionsClose;
  }
}

size_t SelectedJsonEncoder::bytes_max(size_t rows) const noexcept {
  constexpr size_t kAround = 4;  // quotes, colon, comma or brace
  size_t row = 2;
  for (const OutputField field : selection_.fields()) {
    row += kAround + name(field).size() + json_field_bytes_max(reader_, field);
  }
  return kPredictionsOpen.size() + rows * row + kPredictionsClose.size();
}

}  // namespace ringmaker::codec
