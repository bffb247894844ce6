// A field of selected outputs as a JSON value.
#pragma once

#include "codec/selected/field_reader.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Appends one of the field's elements: a number or a label.
void append_json_element(const FieldReader& reader, OutputField field, size_t element,
                         const FieldReader::Row& row, std::string& out);
/// Appends a number, a label or an array of them, its elements joined by `comma`; where it is
/// several lists, an array of arrays.
void append_json_field(const FieldReader& reader, OutputField field, const FieldReader::Row& row,
                       std::string_view comma, std::string& out);

/// An upper bound of what it appends, for a `comma` of at most two bytes.
[[nodiscard]] size_t json_field_bytes_max(const FieldReader& reader, OutputField field) noexcept;

}  // namespace ringmaker::codec
