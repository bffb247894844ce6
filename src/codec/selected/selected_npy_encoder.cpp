#include "codec/selected/selected_npy_encoder.h"

#include "codec/media_type.h"
#include "codec/npy/npy_header.h"
#include "codec/selected/selected_row.h"
#include "wire/little_endian.h"

namespace ringmaker::codec {
namespace {

constexpr size_t kHeaderBytes = 128;  // more than any of ours

}  // namespace

std::string_view SelectedNpyEncoder::content_type() const noexcept {
  return media_type_name(Format::kNpy);
}

void SelectedNpyEncoder::encode(data::DenseView scores, const Portion& portion,
                                std::string& out) const {
  if (portion.first) {
    const size_t columns = elements(reader_, selection_);
    append_npy_header(portion.rows_total, columns == 1 ? 0 : columns, out);
  }
  for_each_row(reader_, selection_, scores, portion, [&](const FieldReader::Row& row) {
    for (const OutputField field : selection_.fields()) {
      for (size_t i = 0; i < reader_.elements(field); ++i) {
        char bytes[sizeof(float)];
        wire::store_little_endian(bytes, reader_.number_at(field, i, row));
        out.append(bytes, sizeof bytes);
      }
    }
  });
}

size_t SelectedNpyEncoder::bytes_max(size_t rows) const noexcept {
  return kHeaderBytes + rows * elements(reader_, selection_) * sizeof(float);
}

}  // namespace ringmaker::codec
