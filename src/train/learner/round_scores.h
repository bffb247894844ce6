// RoundScores: scores the parameters of a round and tells the observer.
#pragma once

#include "train/evaluation/score_table.h"
#include "train/learner/learner.h"
#include "train/learner/linear_problem.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

class RoundScores {
 public:
  /// All outlive it; `validation` may be null.
  RoundScores(const LinearOptions& options, LinearProblem& problem, const Dataset& train,
              const Dataset* validation);

  /// What a reader of the lines will wonder about: the score a tuning job asked for is not among
  /// them, or one is nan on data of one class only.
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

  /// `evaluated`: the training objective has just been evaluated at x. Returns the loss that tells
  /// which round is best: of validation data where there is some, else with penalties of training
  /// data.
  double report(uint32_t round, std::span<const double> x, bool evaluated,
                TrainingObserver& observer);

 private:
  void add_asked();
  void explain_undefined(const Dataset& dataset, std::string_view channel);
  /// By the model of the last evaluation.
  [[nodiscard]] Answers answers_of(const LinearObjective& objective, const Dataset& dataset) const;
  [[nodiscard]] Scored scored_of(const LinearObjective& objective, const Dataset& dataset,
                                 const Answers& answers) const;
  [[nodiscard]] double threshold_for(std::span<const double> answers, const Dataset& dataset) const;

  const LinearOptions& options_;
  LinearProblem& problem_;
  const Dataset& train_;
  const Dataset* validation_;
  std::vector<Score> scores_;
  bool thresholded_ = false;  // some score is taken at the threshold the criterion chooses
  bool needs_loss_ = false;
  std::vector<std::string> notes_;
};

}  // namespace ringmaker::train
