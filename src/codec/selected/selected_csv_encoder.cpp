#include "codec/selected/selected_csv_encoder.h"

#include "codec/media_type.h"
#include "codec/selected/json_field.h"
#include "codec/selected/selected_row.h"
#include "wire/number_format.h"

namespace ringmaker::codec {
namespace {

/// From `begin` on `out` becomes one quoted field.
void quote(std::string& out, size_t begin) {
  for (size_t at = out.find('"', begin); at != std::string::npos; at = out.find('"', at + 2)) {
    out.insert(at, 1, '"');
  }
  out.insert(begin, 1, '"');
  out += '"';
}

/// A line break within a label becomes the two letters that JSON has for it: a batch transform
/// counts lines, whatever their quotes.
void append_label(std::string_view text, std::string& out) {
  const size_t begin = out.size();
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += c == '\n' ? "\\n" : "\\r";
    } else {
      out += c;
    }
  }
  if (text.find_first_of(",\"\r\n") != std::string_view::npos) {
    quote(out, begin);
  }
}

}  // namespace

std::string_view SelectedCsvEncoder::content_type() const noexcept {
  return media_type_name(Format::kCsv);
}

void SelectedCsvEncoder::append_row(const FieldReader::Row& row, std::string& out) const {
  bool first = true;
  for (const OutputField field : selection_.fields()) {
    if (!first) {
      out += ',';
    }
    first = false;
    if (reader_.is_list(field)) {
      const size_t begin = out.size();
      append_json_field(reader_, field, row, ", ", out);
      quote(out, begin);
    } else if (!FieldReader::is_class(field)) {
      wire::append_number(out, reader_.number_at(field, 0, row));
    } else if (row.predicted) {
      append_label(reader_.labels().text(*row.predicted), out);
    }
  }
  out += '\n';
}

void SelectedCsvEncoder::encode(data::DenseView scores, const Portion& portion,
                                std::string& out) const {
  for_each_row(reader_, selection_, scores, portion,
               [&](const FieldReader::Row& row) { append_row(row, out); });
}

size_t SelectedCsvEncoder::bytes_max(size_t rows) const noexcept {
  size_t row = 0;
  for (const OutputField field : selection_.fields()) {
    // Every byte of a label may be a quote that is doubled.
    row += 3 + 2 * json_field_bytes_max(reader_, field);
  }
  return rows * row;
}

}  // namespace ringmaker::codec
