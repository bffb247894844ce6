#include "codec/json/json_encoder.h"

#include "codec/media_type.h"

namespace ringmaker::codec {
namespace {

constexpr std::string_view kOpen = R"({"predictions":[)";
constexpr std::string_view kClose = "]}";

}  // namespace

std::string_view JsonEncoder::content_type() const noexcept {
  return media_type_name(Format::kJson);
}

void JsonEncoder::encode(data::DenseView scores, const Portion& portion, std::string& out) const {
  if (portion.first) {
    out += kOpen;
  }
  for (size_t i = 0; i < scores.rows; ++i) {
    if (!portion.first || i > 0) {
      out += ',';
    }
    rows_.append(scores.row(i), out);
  }
  if (portion.last) {
    out += kClose;
  }
}

size_t JsonEncoder::bytes_max(size_t rows) const noexcept {
  return kOpen.size() + rows * (rows_.bytes_max() + 1) + kClose.size();
}

}  // namespace ringmaker::codec
