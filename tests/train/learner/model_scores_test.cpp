#include "train/learner/model_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

/// One feature; the answer is its value, or a margin of that size.
struct Judged {
  model::Model model;
  Dataset dataset{data::DenseBlock(1, 4), {}, {}, {}, {}};

  Judged(data::Task task, const std::vector<float>& values, std::vector<double> labels) {
    model.schema.feature_names = {"x"};
    model.output.task = task;
    model.parameters = model::LinearParameters{.weights = {1}, .bias = {0}, .fill = {0}};
    if (task == data::Task::kBinary) {
      model.output.class_names = {"0", "1"};
      model.output.margin = true;
      model.output.threshold = 0;
    }
    dataset.features.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      dataset.features.span().row(i)[0] = values[i];
    }
    dataset.labels = std::move(labels);
  }
  [[nodiscard]] std::vector<std::string> scores(const std::string& tuning_metric = {}) const {
    LinearOptions options;
    options.tuning_metric = tuning_metric;
    std::vector<std::string> texts;
    const auto found = score_model(model, dataset, options);
    EXPECT_TRUE(found) << found.error().message();
    for (const ModelScore& score : *found) {
      texts.push_back(std::string(score.name) + " " + std::to_string(score.value).substr(0, 4));
    }
    return texts;
  }
};

TEST(ModelScores, TheUsualOnesAreTakenOfTheModelsAnswers) {
  const Judged judged(data::Task::kRegression, {1, 2, 3}, {1, 2, 6});
  EXPECT_THAT(judged.scores(), ElementsAre("rmse 1.73", "mae 1.00"));
}

TEST(ModelScores, TheOneATuningJobAsksForIsAmongThemOnce) {
  const Judged judged(data::Task::kRegression, {1, 2, 3}, {1, 2, 6});
  EXPECT_THAT(judged.scores("test:mse"), ElementsAre("rmse 1.73", "mae 1.00", "mse 3.00"));
  EXPECT_THAT(judged.scores("rmse"), ElementsAre("rmse 1.73", "mae 1.00"));
  EXPECT_THAT(judged.scores("test:auc"), ElementsAre("rmse 1.73", "mae 1.00"));
}

TEST(ModelScores, MarginsAreJudgedBySignAndTheModelsThreshold) {
  Judged judged(data::Task::kBinary, {-2, -1, 1, 2}, {0, 1, 1, 1});
  EXPECT_THAT(judged.scores(), ElementsAre("error 0.25", "auc 1.00"));
  judged.model.output.threshold = -1.5F;
  EXPECT_THAT(judged.scores("test:recall"), ElementsAre("error 0.25", "auc 1.00", "recall 1.00"));
}

}  // namespace
}  // namespace ringmaker::train
