#include "train/learner/round_scores.h"

#include "tests/train/learner/learner_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Dataset two_classes(size_t rows, uint64_t seed) {
  Dataset dataset = random_rows(rows, 2, seed);
  for (size_t i = 0; i < rows; ++i) {
    dataset.labels.push_back(dataset.features.view().row(i)[0] > 0.3F ? 1 : 0);
  }
  dataset.output = {.task = data::Task::kBinary, .class_names = {"no", "yes"}};
  return dataset;
}

/// Scores of x = (2, 0; 0), a model that finds more than there are.
class Rounds {
 public:
  explicit Rounds(const std::string& metric, LossKind kind = LossKind::kLogistic)
      : train_(two_classes(200, 1)), validation_(two_classes(100, 2)) {
    options_.tuning_metric = metric;
    problem_ = std::move(*LinearProblem::make(options_, {.kind = kind}, train_, &validation_));
    scores_ = std::make_unique<RoundScores>(options_, *problem_, train_, &validation_);
    loss = scores_->report(3, std::vector<double>{2, 0, 0}, false, observer);
  }
  [[nodiscard]] const std::vector<std::string>& notes() const { return scores_->notes(); }

  RememberingObserver observer;
  double loss = 0;

 private:
  LinearOptions options_;
  Dataset train_;
  Dataset validation_;
  std::unique_ptr<LinearProblem> problem_;
  std::unique_ptr<RoundScores> scores_;
};

TEST(RoundScores, TheUsualOnesAreTold) {
  const Rounds rounds("");
  EXPECT_EQ(rounds.observer.last_round, 3U);
  EXPECT_EQ(rounds.observer.train.size(), 3U);
  EXPECT_TRUE(rounds.observer.validation.contains("logloss"));
  EXPECT_THAT(rounds.notes(), IsEmpty());
}

TEST(RoundScores, TheOneATuningJobLooksForIsAdded) {
  const Rounds rounds("validation:objective_loss");
  EXPECT_NEAR(rounds.observer.train.at("objective_loss"), rounds.observer.train.at("logloss"),
              1e-6);
  EXPECT_NEAR(rounds.observer.validation.at("objective_loss"), rounds.loss, 1e-9);
  EXPECT_EQ(Rounds("validation:auc").observer.train.size(), 3U);
  EXPECT_TRUE(Rounds("precision").observer.train.contains("precision"));
}

TEST(RoundScores, AccuracyIsTakenAtTheBestThreshold) {
  const Rounds rounds("validation:binary_classification_accuracy");
  // The ranking is right, so that some threshold is right for all; 0.5 is not.
  EXPECT_GT(rounds.observer.validation.at("error"), 0.05);
  EXPECT_EQ(rounds.observer.validation.at("binary_classification_accuracy"), 1);
}

TEST(RoundScores, MarginsHaveNoLogloss) {
  const Rounds rounds("validation:logloss", LossKind::kHinge);
  EXPECT_FALSE(rounds.observer.train.contains("logloss"));
  EXPECT_TRUE(rounds.observer.train.contains("objective_loss"));
  EXPECT_THAT(rounds.notes(),
              ElementsAre(HasSubstr("no score of a binary model is called \"logloss\"")));
}

TEST(RoundScores, ANameNobodyKnowsIsTold) {
  EXPECT_THAT(Rounds("validation:happiness").notes(), ElementsAre(HasSubstr("\"happiness\"")));
}

TEST(RoundScores, AScoreThatOneClassAloneLeavesUndefinedIsExplained) {
  const Dataset train = two_classes(200, 1);
  Dataset validation = two_classes(100, 2);
  std::fill(validation.labels.begin(), validation.labels.end(), 1);
  LinearOptions options;
  options.tuning_metric = "validation:roc_auc_score";
  const auto problem =
      std::move(*LinearProblem::make(options, {.kind = LossKind::kLogistic}, train, &validation));
  RoundScores scores(options, *problem, train, &validation);
  EXPECT_THAT(scores.notes(),
              ElementsAre("all 100 labels of the validation data are \"yes\", so validation-auc, "
                          "validation-roc_auc_score is nan: it compares two classes"));
  RememberingObserver observer;
  (void)scores.report(0, std::vector<double>{2, 0, 0}, false, observer);
  EXPECT_TRUE(std::isnan(observer.validation.at("auc")));
  EXPECT_FALSE(std::isnan(observer.train.at("auc")));
}

}  // namespace
}  // namespace ringmaker::train
