// SelectedNpyEncoder: the numbers of all fields side by side, float32 in C order: (rows,) for one
// number a row, else (rows, numbers). Classes are numbers where all their names are, else indices.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <string>

namespace ringmaker::codec {

class SelectedNpyEncoder final : public Encoder {
 public:
  SelectedNpyEncoder(const data::OutputSchema& output, const OutputSelection& selection)
      : reader_(output), selection_(selection) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  [[nodiscard]] bool needs_rows_total() const noexcept override { return true; }
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  FieldReader reader_;
  OutputSelection selection_;
};

}  // namespace ringmaker::codec
