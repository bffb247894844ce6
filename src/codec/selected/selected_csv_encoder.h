// SelectedCsvEncoder: one line a row, the fields joined by commas; a list is one quoted field that
// holds a JSON array, as in SageMaker's XGBoost container:
//
//   1,"[0.2, 0.8]"
//
// A number that is not one is nan, and null within a list; the label of such a row is empty. A
// line break within a label becomes the two letters that JSON has for it, since a batch transform
// counts lines, whatever their quotes. Where a model has such a label, a backslash in any of its
// labels is doubled, so that no two become one.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/field_reader.h"

#include <string>

namespace ringmaker::codec {

class SelectedCsvEncoder final : public Encoder {
 public:
  SelectedCsvEncoder(const data::OutputSchema& output, const OutputSelection& selection);

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_row(const FieldReader::Row& row, std::string& out) const;

  FieldReader reader_;
  OutputSelection selection_;
  bool escapes_;  // line breaks and backslashes of labels
};

}  // namespace ringmaker::codec
