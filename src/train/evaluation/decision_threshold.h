// DecisionThreshold: above which score a row is of class 1, chosen to be best by a criterion.
#pragma once

#include <cstdint>
#include <span>

namespace ringmaker::train {

/// Linear Learner's binary_classifier_model_selection_criteria.
enum class Criterion : uint8_t {
  kAccuracy,
  kFBeta,
  kPrecisionAtRecall,
  kRecallAtPrecision,
  kLoss  // the loss knows no threshold: the neutral one stays
};

struct ThresholdOptions {
  Criterion criterion = Criterion::kAccuracy;
  double beta = 1;
  double target_recall = 0.8;
  double target_precision = 0.8;
  /// 0.5 for probabilities, 0 for margins.
  float neutral = 0.5F;
};

/// Scores as a model answers them, labels 0 or 1, as many. Of thresholds that are equally good the
/// one nearest to the neutral is taken, and between two scores their middle, unless the neutral
/// lies between them. A precision no threshold reaches is come as near to as possible. The neutral
/// threshold when there are no rows, or rows of one class alone.
[[nodiscard]] float choose_threshold(std::span<const float> scores, std::span<const double> labels,
                                     const ThresholdOptions& options);

}  // namespace ringmaker::train
