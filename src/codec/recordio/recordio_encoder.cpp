#include "codec/recordio/recordio_encoder.h"

#include "codec/media_type.h"
#include "codec/recordio/result_record.h"

namespace ringmaker::codec {
namespace {

constexpr std::string_view kScore = "score";
constexpr std::string_view kLabel = "predicted_label";

}  // namespace

std::string_view RecordioEncoder::content_type() const noexcept {
  return media_type_name(Format::kRecordio);
}

void RecordioEncoder::append_row(const float* scores, std::string& out) const {
  const size_t columns = output_.score_columns();
  ResultRecord record(out);
  if (output_.values_by_name) {
    for (size_t i = 0; i < columns; ++i) {
      record.open_entry(output_.value_names[i], 1);
      record.append_value(scores[i]);
    }
    record.close();
    return;
  }
  record.open_entry(kScore, columns);
  for (size_t i = 0; i < columns; ++i) {
    record.append_value(scores[i]);
  }
  if (output_.label_beside_score()) {
    record.open_entry(kLabel, 1);
    record.append_value(labels_.number(output_.predicted_class(scores)));
  }
  record.close();
}

void RecordioEncoder::encode(data::DenseView scores, const Portion& /*portion*/,
                             std::string& out) const {
  for (size_t i = 0; i < scores.rows; ++i) {
    append_row(scores.row(i), out);
  }
}

size_t RecordioEncoder::bytes_max(size_t rows) const noexcept {
  constexpr size_t kRow = ResultRecord::kFrameBytesMax + 2 * ResultRecord::kEntryBytesMax;
  return rows * (kRow + (output_.score_columns() + 1) * sizeof(float));
}

}  // namespace ringmaker::codec
