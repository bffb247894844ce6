#include "train/evaluation/score_table.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::train {
namespace {

using data::Task;

double value_of(std::string_view name, Task task, const Scored& scored) {
  const auto score = find_score(name, task, false);
  EXPECT_TRUE(score) << name;
  return score ? score->of(scored) : -1;
}

std::string usual(Task task, bool margins) {
  std::string names;
  for (const Score& score : usual_scores(task, margins)) {
    names += std::string(score.name) + " ";
  }
  return names;
}

TEST(ScoreTable, LinesCarryXgboostsNames) {
  EXPECT_EQ(usual(Task::kRegression, false), "rmse mae ");
  EXPECT_EQ(usual(Task::kBinary, false), "logloss error auc ");
  EXPECT_EQ(usual(Task::kBinary, true), "objective_loss error auc ");
  EXPECT_EQ(usual(Task::kMulticlass, false), "mlogloss merror ");
}

TEST(ScoreTable, EveryNameOfLinearLearnerIsThere) {
  for (const std::string_view name : {"objective_loss", "binary_classification_accuracy",
                                      "binary_f_beta", "precision", "recall", "roc_auc_score"}) {
    EXPECT_TRUE(find_score(name, Task::kBinary, false)) << name;
  }
  for (const std::string_view name :
       {"objective_loss", "multiclass_accuracy", "multiclass_top_k_accuracy", "macro_f_beta",
        "macro_precision", "macro_recall", "dcg"}) {
    EXPECT_TRUE(find_score(name, Task::kMulticlass, false)) << name;
  }
  for (const std::string_view name : {"objective_loss", "mse", "rmse", "absolute_loss"}) {
    EXPECT_TRUE(find_score(name, Task::kRegression, false)) << name;
  }
}

TEST(ScoreTable, AScoreOfAnotherTaskIsNone) {
  EXPECT_FALSE(find_score("rmse", Task::kBinary, false));
  EXPECT_FALSE(find_score("nonsense", Task::kBinary, false));
  EXPECT_FALSE(find_score("logloss", Task::kBinary, true));
}

TEST(ScoreTable, ScoresAreTakenAtTheirThreshold) {
  const std::vector<double> predicted{0.9, 0.6, 0.2};
  const std::vector<double> labels{1, 0, 0};
  const Scored scored{.predicted = predicted,
                      .labels = labels,
                      .standings = {},
                      .threshold = 0.5,
                      .chosen_threshold = 0.7,
                      .objective_loss = 4};
  EXPECT_DOUBLE_EQ(value_of("error", Task::kBinary, scored), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value_of("binary_classification_accuracy", Task::kBinary, scored), 1);
  EXPECT_DOUBLE_EQ(value_of("precision", Task::kBinary, scored), 1);
  EXPECT_DOUBLE_EQ(value_of("recall", Task::kBinary, scored), 1);
  EXPECT_DOUBLE_EQ(value_of("binary_f_beta", Task::kBinary, scored), 1);
  EXPECT_DOUBLE_EQ(value_of("roc_auc_score", Task::kBinary, scored), 1);
  EXPECT_DOUBLE_EQ(value_of("objective_loss", Task::kBinary, scored), 4);
}

TEST(ScoreTable, ScoresOfClassesAreOfTheirRows) {
  const auto rows = standings_of({0.7, 0.2, 0.1, 0.3, 0.2, 0.5}, {0, 1}, 3);
  const Scored scored{.predicted = {}, .labels = {}, .standings = rows, .classes = 3, .top_k = 2};
  EXPECT_DOUBLE_EQ(value_of("multiclass_accuracy", Task::kMulticlass, scored), 0.5);
  EXPECT_DOUBLE_EQ(value_of("multiclass_top_k_accuracy", Task::kMulticlass, scored), 0.5);
  EXPECT_DOUBLE_EQ(value_of("macro_recall", Task::kMulticlass, scored), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value_of("macro_precision", Task::kMulticlass, scored), 1.0 / 3);
}

}  // namespace
}  // namespace ringmaker::train
