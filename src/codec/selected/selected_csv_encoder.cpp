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

bool has_line_break(const ClassLabels& labels) {
  for (size_t k = 0; k < labels.count(); ++k) {
    if (labels.text(k).find_first_of("\r\n") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\\') {
      out += '\\';
    }
    out += c == '\n' ? 'n' : c == '\r' ? 'r' : c;
  }
}

void append_label(std::string_view text, bool escaped, std::string& out) {
  const size_t begin = out.size();
  if (escaped) {
    append_escaped(text, out);
  } else {
    out += text;
  }
  if (text.find_first_of(",\"\r\n") != std::string_view::npos) {
    quote(out, begin);
  }
}

}  // namespace

SelectedCsvEncoder::SelectedCsvEncoder(const data::OutputSchema& output,
                                       const OutputSelection& selection)
    : reader_(output), selection_(selection), escapes_(has_line_break(reader_.labels())) {}

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
      append_label(reader_.labels().text(*row.predicted), escapes_, out);
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
    // Every byte of a label may be doubled, as a quote is.
    row += 3 + 2 * json_field_bytes_max(reader_, field);
  }
  return rows * row;
}

}  // namespace ringmaker::codec
