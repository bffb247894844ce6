#include "train/evaluation/decision_threshold.h"

#include "base/random.h"
#include "train/evaluation/class_counts.h"
#include "train/evaluation/error_rate.h"
#include "train/evaluation/f_beta.h"
#include "train/evaluation/precision.h"
#include "train/evaluation/recall.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Scores = std::vector<float>;
using Values = std::vector<double>;

/// 300 rows of overlapping classes, with ties.
struct Overlapping {
  Overlapping() {
    base::Random random(4);
    for (int i = 0; i < 300; ++i) {
      const bool own = random.chance(0.3);
      const double score = std::floor((random.uniform() + (own ? 0.4 : 0)) / 1.4 * 50) / 50;
      scores.push_back(static_cast<float>(score));
      predicted.push_back(static_cast<double>(scores.back()));
      labels.push_back(own ? 1 : 0);
    }
  }
  [[nodiscard]] ClassCounts at(double threshold) const {
    return count_class(predicted, labels, threshold);
  }
  Scores scores;
  Values predicted;
  Values labels;
};

TEST(DecisionThreshold, NoOtherIsBetterByTheCriterion) {
  const Overlapping rows;
  const auto threshold_for = [&](Criterion criterion) {
    return static_cast<double>(choose_threshold(
        rows.scores, rows.labels,
        {.criterion = criterion, .beta = 2, .target_recall = 0.7, .target_precision = 0.6}));
  };
  const double accurate = threshold_for(Criterion::kAccuracy);
  const ClassCounts f = rows.at(threshold_for(Criterion::kFBeta));
  const ClassCounts precise = rows.at(threshold_for(Criterion::kPrecisionAtRecall));
  const ClassCounts complete = rows.at(threshold_for(Criterion::kRecallAtPrecision));
  EXPECT_GE(recall(precise), 0.7);
  EXPECT_GE(precision(complete), 0.6);
  for (double other = -0.01; other < 1.01; other += 0.005) {
    const ClassCounts counts = rows.at(other);
    EXPECT_LE(error_rate(rows.predicted, rows.labels, accurate),
              error_rate(rows.predicted, rows.labels, other));
    EXPECT_GE(f_beta(f, 2), f_beta(counts, 2));
    if (recall(counts) >= 0.7) {
      EXPECT_GE(precision(precise), precision(counts));
    }
    if (precision(counts) >= 0.6) {
      EXPECT_GE(recall(complete), recall(counts));
    }
  }
}

TEST(DecisionThreshold, TheNeutralOneStaysWhereItIsAsGood) {
  EXPECT_EQ(choose_threshold(Scores{0.1F, 0.3F, 0.9F}, Values{0, 0, 1}, {}), 0.5F);
  EXPECT_EQ(choose_threshold(Scores{-3, -1, 2}, Values{0, 0, 1}, {.neutral = 0}), 0);
}

TEST(DecisionThreshold, ElseItLiesInTheMiddleBetweenTwoScores) {
  EXPECT_EQ(choose_threshold(Scores{0.125F, 0.25F, 0.375F}, Values{0, 1, 1}, {}), 0.1875F);
  EXPECT_EQ(choose_threshold(Scores{2, 4, 6}, Values{0, 0, 1}, {.neutral = 0}), 5);
}

TEST(DecisionThreshold, NeighbouringFloatsAreToldApart) {
  const float low = 0.7F;
  const float high = std::nextafter(low, 1.0F);
  const float threshold = choose_threshold(Scores{low, high}, Values{0, 1}, {});
  EXPECT_FALSE(low > threshold);
  EXPECT_TRUE(high > threshold);
}

TEST(DecisionThreshold, APrecisionThatCannotBeReachedIsComeNearTo) {
  const Scores scores{0.9F, 0.8F, 0.7F, 0.1F};
  const Values labels{0, 1, 1, 0};
  const float threshold = choose_threshold(
      scores, labels, {.criterion = Criterion::kRecallAtPrecision, .target_precision = 0.99});
  EXPECT_GT(threshold, 0.1F);
  EXPECT_LT(threshold, 0.7F);  // two of three
}

TEST(DecisionThreshold, WithoutWhatItTakesTheNeutralOneStays) {
  EXPECT_EQ(choose_threshold(Scores{}, Values{}, {}), 0.5F);
  EXPECT_EQ(choose_threshold(Scores{0.6F, 0.7F}, Values{0, 0}, {}), 0.5F);
  EXPECT_EQ(choose_threshold(Scores{0.6F, NAN}, Values{0, 1}, {}), 0.5F);
  EXPECT_EQ(choose_threshold(Scores{0.6F, 0.7F}, Values{0, 1}, {.criterion = Criterion::kLoss}),
            0.5F);
}

}  // namespace
}  // namespace ringmaker::train
