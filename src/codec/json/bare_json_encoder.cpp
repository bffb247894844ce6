#include "codec/json/bare_json_encoder.h"

#include "codec/json/predictions.h"
#include "codec/media_type.h"
#include "wire/json_writer.h"

namespace ringmaker::codec {

std::string_view BareJsonEncoder::content_type() const noexcept {
  return media_type_name(Format::kJson);
}

void BareJsonEncoder::encode(data::DenseView scores, const Portion& portion,
                             std::string& out) const {
  if (portion.first) {
    out += kPredictionsOpen;
  }
  for (size_t i = 0; i < scores.rows; ++i) {
    if (!portion.first || i > 0) {
      out += ',';
    }
    for (size_t k = 0; k < columns_; ++k) {
      out += k > 0 ? "," : lists_ ? "[" : "";
      wire::append_json_number(out, scores.row(i)[k]);
    }
    out += lists_ ? "]" : "";
  }
  if (portion.last) {
    out += kPredictionsClose;
  }
}

size_t BareJsonEncoder::bytes_max(size_t rows) const noexcept {
  return kPredictionsOpen.size() + rows * (columns_ * (wire::kNumberBytesMax + 1) + 3) +
         kPredictionsClose.size();
}

}  // namespace ringmaker::codec
