// JsonEncoder: what SageMaker's Linear Learner answers.
//
//   regression  {"predictions":[{"score":0.4},...]}
//   binary      {"predictions":[{"score":0.4,"predicted_label":0},...]}
//   multiclass  {"predictions":[{"score":[0.1,0.7,0.2],"predicted_label":1},...]}
//
// The label is the class's name, a number where all class names are numbers. JSON has no NaN and no
// infinity: such a score is null, and so is a label that would follow from it.
#pragma once

#include "codec/encoder.h"

#include <string>
#include <vector>

namespace ringmaker::codec {

class JsonEncoder final : public Encoder {
 public:
  explicit JsonEncoder(const data::OutputSchema& output);

  [[nodiscard]] std::string_view content_type() const noexcept override;
  void encode(data::DenseView scores, bool first, bool last, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_row(const float* scores, std::string& out) const;
  /// The label's text; null where scores are not numbers.
  [[nodiscard]] std::string_view label(const float* scores) const noexcept;

  const data::OutputSchema& output_;
  std::vector<std::string> labels_;  // as JSON, one a class
  size_t label_bytes_max_ = 4;       // "null"
};

}  // namespace ringmaker::codec
