// Loops that the encoders of selected outputs share.
#pragma once

#include "base/check.h"
#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <cstddef>

namespace ringmaker::codec {

/// Row i, with what is wanted of the portion beside it.
[[nodiscard]] inline FieldReader::Row row_at(const FieldReader& reader,
                                             const OutputSelection& selection,
                                             data::DenseView scores, const Portion& portion,
                                             size_t i) {
  FieldReader::Row row =
      reader.row(scores.row(i), selection.wants_raw() ? portion.raw.row(i) : nullptr);
  const Explaining explaining = selection.explaining();
  row.contributions = explaining.contributions ? portion.contributions.row(i) : nullptr;
  row.leaves = explaining.leaves ? portion.leaves.row(i) : nullptr;
  return row;
}

/// `each(row)` for every row of `scores`, with what is wanted of the portion beside it.
template <class Each>
void for_each_row(const FieldReader& reader, const OutputSelection& selection,
                  data::DenseView scores, const Portion& portion, Each&& each) {
  const bool wants_raw = selection.wants_raw();
  const Explaining explaining = selection.explaining();
  RM_CHECK(!wants_raw ||
           (portion.raw.rows == scores.rows && portion.raw.columns == reader.raw_columns()));
  RM_CHECK(!explaining.contributions || portion.contributions.rows == scores.rows);
  RM_CHECK(!explaining.leaves || portion.leaves.rows == scores.rows);
  for (size_t i = 0; i < scores.rows; ++i) {
    each(row_at(reader, selection, scores, portion, i));
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
