// MetricLines: one line a round on standard output, in the shape people's regular expressions know.
//
//   [12]<tab>train-logloss:0.41<tab>validation-logloss:0.45
//
// Lines that cannot be written, because their reader has gone or the disk is full, are no reason to
// throw away a model: that is told once in the log, and training goes on.
#pragma once

#include "io/signals.h"
#include "model/model.h"
#include "telemetry/log.h"
#include "train/learner/learner.h"
#include "train/learner/model_scores.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::train {

class MetricLines final : public TrainingObserver {
 public:
  /// A stop signal asks the learner to come to an end.
  MetricLines(const io::Signals& signals, telemetry::Log& log) : signals_(signals), log_(log) {}

  void on_round(uint32_t round, std::span<const RoundScore> scores) override;
  void on_best(uint32_t round) override;
  /// A warning in the log, so that metric lines stay alone.
  void on_note(std::string_view sentence) override;
  [[nodiscard]] bool stop_requested() const noexcept override;
  /// The scores of the finished model, "[12]<tab>test-logloss:0.44" with the round it is of, behind
  /// those of all rounds.
  void on_test(std::span<const ModelScore> scores);
  /// True once somebody has asked and was told to stop.
  [[nodiscard]] bool stopped() const noexcept { return stopping_; }
  [[nodiscard]] uint32_t last_round() const noexcept { return last_round_; }
  /// The scores of the round that the model is of, and of the test: "train:logloss" -> value.
  [[nodiscard]] const std::vector<std::pair<std::string, double>>& kept() const noexcept {
    return kept_;
  }

 private:
  void print(std::string_view line);

  const io::Signals& signals_;
  telemetry::Log& log_;
  mutable bool stopping_ = false;
  bool first_ = true;
  bool unwritable_ = false;
  uint32_t last_round_ = 0;
  uint32_t kept_round_ = 0;
  std::vector<std::pair<std::string, double>> last_;
  std::vector<std::pair<std::string, double>> kept_;
};

/// metrics.json: the scores of the model, rows and classes.
[[nodiscard]] std::string metrics_json(const model::Model& model);

}  // namespace ringmaker::train
