#include "codec/jsonlines/jsonlines_encoder.h"

#include "codec/media_type.h"

namespace ringmaker::codec {

std::string_view JsonLinesEncoder::content_type() const noexcept {
  return media_type_name(Format::kJsonLines);
}

void JsonLinesEncoder::encode(data::DenseView scores, const Portion& /*portion*/,
                              std::string& out) const {
  for (size_t i = 0; i < scores.rows; ++i) {
    rows_.append(scores.row(i), out);
    out += '\n';
  }
}

size_t JsonLinesEncoder::bytes_max(size_t rows) const noexcept {
  return rows * (rows_.bytes_max() + 1);
}

}  // namespace ringmaker::codec
