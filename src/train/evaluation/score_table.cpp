#include "train/evaluation/score_table.h"

#include "base/check.h"
#include "train/evaluation/area_under_curve.h"
#include "train/evaluation/class_counts.h"
#include "train/evaluation/discounted_cumulative_gain.h"
#include "train/evaluation/error_rate.h"
#include "train/evaluation/f_beta.h"
#include "train/evaluation/log_loss.h"
#include "train/evaluation/mean_absolute_error.h"
#include "train/evaluation/mean_squared_error.h"
#include "train/evaluation/multiclass_error_rate.h"
#include "train/evaluation/multiclass_log_loss.h"
#include "train/evaluation/precision.h"
#include "train/evaluation/recall.h"
#include "train/evaluation/root_mean_squared_error.h"
#include "train/evaluation/top_k_accuracy.h"

#include <algorithm>
#include <array>

namespace ringmaker::train {
namespace {

using data::Task;

double objective_loss(const Scored& s) { return s.objective_loss; }
double rmse(const Scored& s) { return root_mean_squared_error(s.predicted, s.labels); }
double mse(const Scored& s) { return mean_squared_error(s.predicted, s.labels); }
double mae(const Scored& s) { return mean_absolute_error(s.predicted, s.labels); }
double logloss(const Scored& s) { return log_loss(s.predicted, s.labels); }
double error(const Scored& s) { return error_rate(s.predicted, s.labels, s.threshold); }
double auc(const Scored& s) { return area_under_curve(s.predicted, s.labels); }
double accuracy(const Scored& s) {
  return 1 - error_rate(s.predicted, s.labels, s.chosen_threshold);
}
ClassCounts counted(const Scored& s) {
  return count_class(s.predicted, s.labels, s.chosen_threshold);
}
double binary_f_beta(const Scored& s) { return f_beta(counted(s), s.beta); }
double f1(const Scored& s) { return f_beta(counted(s), 1); }
double binary_precision(const Scored& s) { return precision(counted(s)); }
double binary_recall(const Scored& s) { return recall(counted(s)); }
double mlogloss(const Scored& s) { return multiclass_log_loss(s.standings); }
double merror(const Scored& s) { return multiclass_error_rate(s.standings); }
double multiclass_accuracy(const Scored& s) { return 1 - merror(s); }
double top_k(const Scored& s) { return top_k_accuracy(s.standings, s.top_k); }
double dcg(const Scored& s) { return discounted_cumulative_gain(s.standings); }
std::vector<ClassCounts> all_counted(const Scored& s) {
  return count_classes(s.standings, s.classes);
}
double mean_f_beta(const Scored& s) { return macro_f_beta(all_counted(s), s.beta); }
double mean_precision(const Scored& s) { return macro_precision(all_counted(s)); }
double mean_recall(const Scored& s) { return macro_recall(all_counted(s)); }

constexpr std::array kScores{
    Score{"rmse", Task::kRegression, rmse},
    Score{"mae", Task::kRegression, mae},
    Score{"absolute_loss", Task::kRegression, mae},
    Score{"mse", Task::kRegression, mse},
    Score{"objective_loss", Task::kRegression, objective_loss},
    Score{"logloss", Task::kBinary, logloss},
    Score{"error", Task::kBinary, error},
    Score{"auc", Task::kBinary, auc, false, true},
    Score{"roc_auc_score", Task::kBinary, auc, false, true},
    Score{"accuracy", Task::kBinary, accuracy, true},
    Score{"binary_classification_accuracy", Task::kBinary, accuracy, true},
    Score{"binary_f_beta", Task::kBinary, binary_f_beta, true},
    Score{"f1", Task::kBinary, f1, true},
    Score{"precision", Task::kBinary, binary_precision, true},
    Score{"recall", Task::kBinary, binary_recall, true},
    Score{"objective_loss", Task::kBinary, objective_loss},
    Score{"mlogloss", Task::kMulticlass, mlogloss},
    Score{"merror", Task::kMulticlass, merror},
    Score{"accuracy", Task::kMulticlass, multiclass_accuracy},
    Score{"multiclass_accuracy", Task::kMulticlass, multiclass_accuracy},
    Score{"multiclass_top_k_accuracy", Task::kMulticlass, top_k},
    Score{"macro_f_beta", Task::kMulticlass, mean_f_beta},
    Score{"macro_precision", Task::kMulticlass, mean_precision},
    Score{"macro_recall", Task::kMulticlass, mean_recall},
    Score{"dcg", Task::kMulticlass, dcg},
    Score{"objective_loss", Task::kMulticlass, objective_loss},
};

Score known(std::string_view name, Task task) {
  const auto found = find_score(name, task, false);
  RM_CHECK(found.has_value());
  return *found;
}

}  // namespace

std::optional<Score> find_score(std::string_view name, data::Task task, bool margins) {
  if (margins && name == "logloss") {
    return std::nullopt;
  }
  const auto found = std::find_if(kScores.begin(), kScores.end(), [&](const Score& score) {
    return score.name == name && score.task == task;
  });
  return found == kScores.end() ? std::nullopt : std::optional<Score>(*found);
}

std::vector<Score> usual_scores(data::Task task, bool margins) {
  switch (task) {
    case Task::kRegression:
      return {known("rmse", task), known("mae", task)};
    case Task::kBinary:
      return {known(margins ? "objective_loss" : "logloss", task), known("error", task),
              known("auc", task)};
    case Task::kMulticlass:
      return {known("mlogloss", task), known("merror", task)};
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::train
