#include "codec/npy/npy_encoder.h"

#include "codec/media_type.h"
#include "codec/npy/npy_header.h"
#include "wire/little_endian.h"

namespace ringmaker::codec {
namespace {

constexpr size_t kHeaderBytes = 128;  // more than any of ours

}  // namespace

std::string_view NpyEncoder::content_type() const noexcept { return media_type_name(Format::kNpy); }

void NpyEncoder::encode(data::DenseView scores, const Portion& portion, std::string& out) const {
  if (portion.first) {
    append_npy_header(portion.rows_total, columns_ == 1 ? 0 : columns_, out);
  }
  const size_t count = scores.rows * columns_;
  const size_t before = out.size();
  out.resize(before + count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    wire::store_little_endian(out.data() + before + i * sizeof(float), scores.values[i]);
  }
}

size_t NpyEncoder::bytes_max(size_t rows) const noexcept {
  return kHeaderBytes + rows * columns_ * sizeof(float);
}

}  // namespace ringmaker::codec
