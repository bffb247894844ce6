#include "model/kmeans/kmeans_predictor.h"

#include "tests/model/dense/dense_models.h"
#include "tests/model/dense/dense_oracle.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

TEST(KMeansPredictor, NamesTheNearestClusterAndItsDistance) {
  for (const size_t clusters : {1U, 3U, 10U, 70U}) {
    const Model model = random_kmeans(7, clusters, clusters);
    const auto& kmeans = std::get<KMeansParameters>(model.parameters);
    const auto rows = random_rows(200, 7, 5);
    const Doubles distances =
        square_distances(scaled_rows(kmeans.scaling, rows), doubles_of(kmeans.centroids, 7))
            .cwiseSqrt();
    for (const base::InstructionSet set : test::instruction_sets_here()) {
      const auto raw = raw_of(model, set, rows, 200);
      for (Eigen::Index i = 0; i < 200; ++i) {
        Eigen::Index nearest = 0;
        const double distance = distances.row(i).minCoeff(&nearest);
        const float* const answer = &raw[2 * static_cast<size_t>(i)];
        ASSERT_EQ(answer[0], static_cast<float>(nearest)) << base::name(set) << ", row " << i;
        ASSERT_NEAR(answer[1], distance, 1e-4);
      }
    }
  }
}

TEST(KMeansPredictor, OfEqualOnesTheFirstIsNearest) {
  Model model = random_kmeans(1, 2, 1);
  model.parameters =
      KMeansParameters{.scaling = {.center = {0}, .factor = {1}}, .centroids = {9, 1, -1}};
  EXPECT_EQ(raw_of(model, base::detect_instruction_set(), {0, 5, NAN}, 3),
            (std::vector<float>{1, 1, 0, 4, 1, 1}));  // a missing value is the center
}

TEST(KMeansPredictor, AnInfiniteRowIsNearNothing) {
  const Model model = random_kmeans(3, 4, 1);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto raw = raw_of(model, set, {1, INFINITY, 2}, 1);
    EXPECT_TRUE(std::isnan(raw[0]));
    EXPECT_TRUE(std::isnan(raw[1]));
  }
}

TEST(KMeansPredictor, ARowHasTheSameBitsInEveryBatch) {
  const Model model = random_kmeans(30, 10, 1);
  const auto rows = random_rows(200, 30, 5);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto alone = raw_of(model, set, rows, 1);
    for (const size_t at_a_time : {2U, 7U, 96U, 97U, 200U}) {
      EXPECT_EQ(raw_of(model, set, rows, at_a_time), alone) << base::name(set);
    }
  }
}

TEST(KMeansPredictor, ComesBackFromItsFile) { expect_kept_by_its_file(random_kmeans(4, 3, 1)); }

TEST(KMeansPredictor, WhatDoesNotFitIsRefused) {
  const Model good = random_kmeans(4, 3, 1);
  ASSERT_EQ(error_of(good), "");
  Model model = good;
  std::get<KMeansParameters>(model.parameters).centroids.clear();
  EXPECT_THAT(error_of(model), testing::HasSubstr("no centroids"));
  model = good;
  std::get<KMeansParameters>(model.parameters).centroids.pop_back();
  EXPECT_THAT(error_of(model), testing::HasSubstr("centroids has 11 values, expected 8"));
  model = good;
  model.output.value_names.clear();
  EXPECT_THAT(error_of(model),
              testing::HasSubstr("answers closest_cluster and distance_to_cluster"));
}

}  // namespace
}  // namespace ringmaker::model
