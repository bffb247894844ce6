#include "train/report/metric_lines.h"

#include "base/check.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// A log whose lines are in output().
class PipedLog {
 public:
  PipedLog() {
    RM_CHECK(::pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    log_.emplace(clock_, telemetry::LogOptions{.descriptor = pipe_[1]});
  }
  ~PipedLog() {
    log_.reset();
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }
  PipedLog(const PipedLog&) = delete;
  PipedLog& operator=(const PipedLog&) = delete;

  [[nodiscard]] telemetry::Log& log() { return *log_; }
  std::string output() {
    log_->flush();
    std::string text(4096, '\0');
    const ssize_t got = ::read(pipe_[0], text.data(), text.size());
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }

 private:
  const base::SystemClock clock_;
  std::array<int, 2> pipe_{};
  std::optional<telemetry::Log> log_;
};

TEST(MetricLines, AreInTheShapeThatRegularExpressionsKnow) {
  const io::Signals signals;
  PipedLog piped;
  MetricLines lines(signals, piped.log());
  const std::vector<RoundScore> scores{{"logloss", 0.5, 0.625}, {"error", 0.25, {}}};
  testing::internal::CaptureStdout();
  lines.on_round(12, scores);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "[12]\ttrain-logloss:0.5\ttrain-error:0.25\tvalidation-logloss:0.625\n");
  lines.on_best(12);
  EXPECT_THAT(lines.kept(), ElementsAre(Pair("train:logloss", 0.5), Pair("train:error", 0.25),
                                        Pair("validation:logloss", 0.625)));
}

TEST(MetricLines, TheScoresOfTheModelAreThoseOfTheBestRound) {
  const io::Signals signals;
  PipedLog piped;
  MetricLines lines(signals, piped.log());
  testing::internal::CaptureStdout();
  lines.on_round(0, std::vector<RoundScore>{{"rmse", 0.5, {}}});
  lines.on_best(0);
  lines.on_round(1, std::vector<RoundScore>{{"rmse", 0.75, {}}});
  lines.on_test(std::vector<ModelScore>{{"rmse", 0.25}});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "[0]\ttrain-rmse:0.5\n[1]\ttrain-rmse:0.75\n[0]\ttest-rmse:0.25\n");
  EXPECT_THAT(lines.kept(), ElementsAre(Pair("train:rmse", 0.5), Pair("test:rmse", 0.25)));
}

TEST(MetricLines, NotesAreWarningsOfTheLog) {
  const io::Signals signals;
  PipedLog piped;
  MetricLines lines(signals, piped.log());
  testing::internal::CaptureStderr();
  lines.on_note("quantile is without effect");
  EXPECT_THAT(piped.output(), HasSubstr(R"("level":"warn","event":"note",)"
                                        R"("detail":"quantile is without effect"})"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(MetricLines, AStopSignalStaysAsked) {
  const io::Signals signals;
  PipedLog piped;
  const MetricLines lines(signals, piped.log());
  EXPECT_FALSE(lines.stop_requested());
  ::raise(SIGTERM);
  EXPECT_TRUE(lines.stop_requested());
  EXPECT_TRUE(lines.stop_requested());
}

TEST(MetricsJson, HoldsTheScoresOfTheModel) {
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
