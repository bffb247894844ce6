// Loops that the encoders of selected outputs share.
#pragma once

#include "base/check.h"
#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <cstddef>

namespace ringmaker::codec {

/// `each(row)` for every row of `scores`, with the raw values beside it where they are wanted.
template <class Each>
void for_each_row(const FieldReader& reader, const OutputSelection& selection,
                  data::DenseView scores, data::DenseView raw, Each&& each) {
  const bool wants_raw = selection.wants_raw();
  RM_CHECK(!wants_raw || (raw.rows == scores.rows && raw.columns == scores.columns));
  for (size_t i = 0; i < scores.rows; ++i) {
    each(reader.row(scores.row(i), wants_raw ? raw.row(i) : nullptr));
  }
}

/// The numbers of all fields of a row.
[[nodiscard]] inline size_t elements(const FieldReader& reader, const OutputSelection& selection) {
  size_t sum = 0;
  for (const OutputField field : selection.fields()) {
    sum += reader.elements(field);
  }
  return sum;
}

}  // namespace ringmaker::codec
