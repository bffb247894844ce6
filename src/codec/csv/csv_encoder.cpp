#include "codec/csv/csv_encoder.h"

#include "base/check.h"
#include "codec/media_type.h"
#include "wire/number_format.h"

namespace ringmaker::codec {

std::string_view CsvEncoder::content_type() const noexcept {
  // Clients compare this header with what they asked for, so no charset is added.
  return media_type_name(Format::kCsv);
}

void CsvEncoder::encode(data::DenseView scores, const Portion& /*portion*/,
                        std::string& out) const {
  RM_DCHECK(scores.columns == columns_);
  for (size_t i = 0; i < scores.rows; ++i) {
    const float* row = scores.row(i);
    for (size_t k = 0; k < scores.columns; ++k) {
      char text[wire::kNumberBytesMax + 1];
      char* end = wire::format_number(row[k], text);
      *end++ = k + 1 == scores.columns ? '\n' : ',';
      out.append(text, static_cast<size_t>(end - text));
    }
  }
}

size_t CsvEncoder::bytes_max(size_t rows) const noexcept {
  return rows * columns_ * (wire::kNumberBytesMax + 1);
}

}  // namespace ringmaker::codec
