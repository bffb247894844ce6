// JsonRowWriter: the answer to one row as a JSON object, as SageMaker's Linear Learner gives it.
//
//   regression  {"score":0.4}
//   binary      {"score":0.4,"predicted_label":0}
//   multiclass  {"score":[0.1,0.7,0.2],"predicted_label":1}
//
// The label is the class's name, a number where all class names are numbers. JSON has no NaN and no
// infinity: such a score is null, and so is the label of a score that is NaN: no class is made up
// for a row whose infinities cancel. An infinite margin still has its class.
#pragma once

#include "codec/class_labels.h"
#include "data/schema.h"

#include <cstddef>
#include <string>

namespace ringmaker::codec {

/// Immutable. `output` must outlive it.
class JsonRowWriter {
 public:
  explicit JsonRowWriter(const data::OutputSchema& output) : output_(output), labels_(output) {}

  /// `scores`: output.score_columns() of them.
  void append(const float* scores, std::string& out) const;
  /// An upper bound of what append() appends.
  [[nodiscard]] size_t bytes_max() const noexcept;

 private:
  const data::OutputSchema& output_;
  ClassLabels labels_;
};

}  // namespace ringmaker::codec
