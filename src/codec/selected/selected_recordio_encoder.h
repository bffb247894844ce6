// SelectedRecordioEncoder: one aialgs.data.Record a row, each field an entry of the map "label"
// under its own name. Classes are numbers where all their names are, else indices.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <string>

namespace ringmaker::codec {

class SelectedRecordioEncoder final : public Encoder {
 public:
  SelectedRecordioEncoder(const data::OutputSchema& output, const OutputSelection& selection)
      : reader_(output), selection_(selection) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_row(const FieldReader::Row& row, std::string& out) const;

  FieldReader reader_;
  OutputSelection selection_;
};

}  // namespace ringmaker::codec
