#include "codec/json/json_encoder.h"

#include "codec/json/predictions.h"
#include "codec/media_type.h"

namespace ringmaker::codec {

std::string_view JsonEncoder::content_type() const noexcept {
  return media_type_name(Format::kJson);
}

void JsonEncoder::encode(data::DenseView scores, const Portion& portion, std::string& out) const {
  if (portion.first) {
    out += kPredictionsOpen;
  }
  for (size_t i = 0; i < scores.rows; ++i) {
    if (!portion.first || i > 0) {
      out += ',';
    }
    rows_.append(scores.row(i), out);
  }
  if (portion.last) {
    out += kPredictionsClose;
  }
}

size_t JsonEncoder::bytes_max(size_t rows) const noexcept {
  return kPredictionsOpen.size() + rows * (rows_.bytes_max() + 1) + kPredictionsClose.size();
}

}  // namespace ringmaker::codec
