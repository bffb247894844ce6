// JsonRowWriter: the answer to one row as a JSON object, as SageMaker's Linear Learner gives it,
// its XGBoost where the model is XGBoost's, or its K-means.
//
//   regression  {"score":0.4}
//   binary      {"score":0.4,"predicted_label":0}
//   multiclass  {"score":[0.1,0.7,0.2],"predicted_label":1}
//   XGBoost     {"score":0.4}, or {"score":[0.1,0.7,0.2]}
//   K-means     {"closest_cluster":1,"distance_to_cluster":3.5}
//
// The label is the class's name, a number where all class names are numbers. JSON has no NaN and no
// infinity: such a score is null, and so is the label of a score that is NaN: no class is made up
// for a row whose infinities cancel. An infinite margin still has its class.
#pragma once

#include "codec/class_labels.h"
#include "data/schema.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ringmaker::codec {

/// Immutable. `output` must outlive it.
class JsonRowWriter {
 public:
  explicit JsonRowWriter(const data::OutputSchema& output);

  /// `scores`: output.score_columns() of them.
  void append(const float* scores, std::string& out) const;
  /// An upper bound of what append() appends.
  [[nodiscard]] size_t bytes_max() const noexcept;

 private:
  void append_named(const float* scores, std::string& out) const;

  const data::OutputSchema& output_;
  ClassLabels labels_;
  std::vector<std::string> keys_;  // of values with names of their own, as they are written
};

}  // namespace ringmaker::codec
