// SelectedJsonEncoder: one object a row, its members named as the fields and in their order:
//
//   {"predictions":[{"predicted_label":1,"probabilities":[0.2,0.8]}]}
//
// or, for JSON lines, the objects alone, one a line. What is not a finite number is null.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <string>

namespace ringmaker::codec {

class SelectedJsonEncoder final : public Encoder {
 public:
  SelectedJsonEncoder(const data::OutputSchema& output, const OutputSelection& selection,
                      bool lines)
      : reader_(output), selection_(selection), lines_(lines) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_row(const FieldReader::Row& row, std::string& out) const;

  FieldReader reader_;
  OutputSelection selection_;
  bool lines_;
};

}  // namespace ringmaker::codec
