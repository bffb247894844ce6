#include "train/report/metric_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(MetricLines, AreInTheShapeThatRegularExpressionsKnow) {
  const io::Signals signals;
  MetricLines lines(signals);
  const std::vector<RoundScore> scores{{"logloss", 0.5, 0.625}, {"error", 0.25, {}}};
  testing::internal::CaptureStdout();
  lines.on_round(12, scores);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "[12]\ttrain-logloss:0.5\ttrain-error:0.25\tvalidation-logloss:0.625\n");
  EXPECT_THAT(lines.last(), ElementsAre(Pair("train:logloss", 0.5), Pair("train:error", 0.25),
                                        Pair("validation:logloss", 0.625)));
}

TEST(MetricLines, AStopSignalStaysAsked) {
  const io::Signals signals;
  const MetricLines lines(signals);
  EXPECT_FALSE(lines.stop_requested());
  ::raise(SIGTERM);
  EXPECT_TRUE(lines.stop_requested());
  EXPECT_TRUE(lines.stop_requested());
}

TEST(MetricsJson, HoldsTheLastScores) {
  model::Model model;
  model.output.task = data::Task::kRegression;
  model.provenance.rows_trained = 7;
  model.provenance.metrics = {{"train:rmse", 0.5}};
  const std::string json = metrics_json(model);
  EXPECT_THAT(json, HasSubstr("\"rows\": 7"));
  EXPECT_THAT(json, HasSubstr("\"train:rmse\": 0.5"));
}

}  // namespace
}  // namespace ringmaker::train
