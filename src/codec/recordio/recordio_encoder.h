// RecordioEncoder: one aialgs.data.Record a row, its results in the map "label" as SageMaker's own
// algorithms give them: "score" and, for classes, "predicted_label", the class's number where names
// are numbers, else its index. Layout: see RecordioReader and RecordioDecoder.
#pragma once

#include "codec/class_labels.h"
#include "codec/encoder.h"

#include <string>

namespace ringmaker::codec {

class RecordioEncoder final : public Encoder {
 public:
  explicit RecordioEncoder(const data::OutputSchema& output) : output_(output), labels_(output) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_row(const float* scores, std::string& out) const;

  const data::OutputSchema& output_;
  ClassLabels labels_;
};

}  // namespace ringmaker::codec
