// ScoreTable: every score by its name, XGBoost's and Linear Learner's, and which are printed.
#pragma once

#include "data/schema.h"
#include "train/evaluation/class_standing.h"
#include "train/evaluation/decision_threshold.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// What a model says of each row of a data set.
struct Answers {
  std::vector<double> values;            // of one score a row
  std::vector<ClassStanding> standings;  // of several
};

/// What a score may be made of.
struct Scored {
  std::span<const double> predicted;  // as the model answers: values, scores, P(class 1)
  std::span<const double> labels;
  std::span<const ClassStanding> standings;  // of several classes, in place of both
  size_t classes = 1;
  double threshold = 0;  // binary: the neutral one
  double chosen_threshold = 0;
  double beta = 1;
  size_t top_k = 3;
  double objective_loss = 0;
};

struct Score {
  std::string_view name;
  data::Task task;
  double (*of)(const Scored&);
  /// True when it is taken at the threshold the criterion chooses.
  bool thresholded = false;
  /// True when it is nan where all labels are the same.
  bool needs_both_classes = false;
};

/// The score called `name` for models of `task`; nothing when there is none. `margins`: the scores
/// of a binary model are margins, of which there is no logloss.
[[nodiscard]] std::optional<Score> find_score(std::string_view name, data::Task task, bool margins);

/// rmse, mae; logloss (of margins objective_loss), error, auc; mlogloss, merror.
[[nodiscard]] std::vector<Score> usual_scores(data::Task task, bool margins);

}  // namespace ringmaker::train
