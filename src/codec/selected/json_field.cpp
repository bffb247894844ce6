#include "codec/selected/json_field.h"

#include "wire/json_writer.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

constexpr size_t kCommaBytesMax = 2;

}  // namespace

void append_json_element(const FieldReader& reader, OutputField field, size_t element,
                         const FieldReader::Row& row, std::string& out) {
  if (FieldReader::is_class(field)) {
    out += reader.labels().json(FieldReader::class_at(field, element, row));
  } else {
    wire::append_json_number(out, reader.number_at(field, element, row));
  }
}

void append_json_field(const FieldReader& reader, OutputField field, const FieldReader::Row& row,
                       std::string_view comma, std::string& out) {
  if (!reader.is_list(field)) {
    append_json_element(reader, field, 0, row, out);
    return;
  }
  const size_t lists = reader.lists(field);
  const size_t each = reader.elements(field) / lists;
  out += lists > 1 ? "[[" : "[";
  for (size_t i = 0; i < lists * each; ++i) {
    if (i > 0 && i % each == 0) {
      out += ']';
    }
    out += i == 0 ? std::string_view() : comma;
    if (i > 0 && i % each == 0) {
      out += '[';
    }
    append_json_element(reader, field, i, row, out);
  }
  out += lists > 1 ? "]]" : "]";
}

size_t json_field_bytes_max(const FieldReader& reader, OutputField field) noexcept {
  const size_t element =
      FieldReader::is_class(field) ? reader.labels().bytes_max() : wire::kNumberBytesMax;
  return 2 + 2 * reader.lists(field) + reader.elements(field) * (element + kCommaBytesMax);
}

}  // namespace ringmaker::codec
