#include "codec/selected/selected_recordio_encoder.h"

#include "codec/media_type.h"
#include "codec/recordio/result_record.h"
#include "codec/selected/selected_row.h"

namespace ringmaker::codec {

std::string_view SelectedRecordioEncoder::content_type() const noexcept {
  return media_type_name(Format::kRecordio);
}

void SelectedRecordioEncoder::append_row(const FieldReader::Row& row, std::string& out) const {
  ResultRecord record(out);
  for (const OutputField field : selection_.fields()) {
    const size_t count = reader_.elements(field);
    record.open_entry(name(field), count);
    for (size_t i = 0; i < count; ++i) {
      record.append_value(reader_.number_at(field, i, row));
    }
  }
  record.close();
}

void SelectedRecordioEncoder::encode(data::DenseView scores, const Portion& portion,
                                     std::string& out) const {
  for_each_row(reader_, selection_, scores, portion,
               [&](const FieldReader::Row& row) { append_row(row, out); });
}

size_t SelectedRecordioEncoder::bytes_max(size_t rows) const noexcept {
  return rows *
         (ResultRecord::kFrameBytesMax + selection_.fields().size() * ResultRecord::kEntryBytesMax +
          elements(reader_, selection_) * sizeof(float));
}

}  // namespace ringmaker::codec
