// LinearProblem: what a solver works on: scaled rows and labels, the loss over them, and the way
// back from the solver's parameters to a model.
#pragma once

#include "model/model.h"
#include "train/dataset/dataset.h"
#include "train/evaluation/class_standing.h"
#include "train/learner/linear_options.h"
#include "train/learner/scaling.h"
#include "train/objective/linear_objective.h"

#include <memory>
#include <span>
#include <vector>

namespace ringmaker::train {

class LinearProblem {
 public:
  /// `choice` is resolved. `validation` may be null; options and data sets outlive the problem.
  /// kInvalidInput for values that are not finite.
  [[nodiscard]] static base::Result<std::unique_ptr<LinearProblem>> make(
      const LinearOptions& options, const LossChoice& choice, const Dataset& train,
      const Dataset* validation);

  LinearProblem(const LinearProblem&) = delete;
  LinearProblem& operator=(const LinearProblem&) = delete;

  [[nodiscard]] const Loss& loss() const noexcept { return *loss_; }
  [[nodiscard]] LinearObjective& objective() noexcept { return *train_.objective; }
  /// Without penalties; null without validation data.
  [[nodiscard]] LinearObjective* validation() noexcept { return validation_.objective.get(); }
  [[nodiscard]] size_t rows() const noexcept { return dataset_.rows(); }
  /// The first this many parameters are weights, the others biases.
  [[nodiscard]] size_t weight_count() const noexcept {
    return dataset_.output.score_columns() * dataset_.features.columns();
  }
  /// What `wd` is, given or not.
  [[nodiscard]] double weight_decay() const noexcept { return penalties_.wd; }
  /// About how far a row is from a kink of the loss at the start.
  [[nodiscard]] double spread() const noexcept { return spread_; }
  /// True when the model answers margins.
  [[nodiscard]] bool margin() const noexcept { return kind_ == LossKind::kHinge; }

  /// The mean slope over a few rows, with the penalty of all.
  void slope(std::span<const uint32_t> batch, std::span<const double> x,
             std::span<double> slope) const;
  /// What the model would answer to an objective's rows, at its last evaluation.
  [[nodiscard]] std::vector<double> answers(const LinearObjective& objective) const;
  /// The same of a model of several classes: what each row of `dataset`, which is the objective's,
  /// is given.
  [[nodiscard]] std::vector<ClassStanding> standings(const LinearObjective& objective,
                                                     const Dataset& dataset) const;
  [[nodiscard]] model::Model model_of(std::span<const double> x) const;

 private:
  /// A data set as the solver sees it.
  struct Part {
    std::unique_ptr<data::DenseBlock> rows;
    std::vector<double> labels;
    std::vector<float> weights;
    std::unique_ptr<LinearObjective> objective;
  };

  LinearProblem(const LinearOptions& options, const LossChoice& choice, const Dataset& train);
  base::Result<void> prepare(const Dataset* validation);
  [[nodiscard]] base::Result<void> fill(Part& part, const Dataset& dataset) const;

  const LinearOptions& options_;
  const Dataset& dataset_;
  LossKind kind_;
  std::unique_ptr<Loss> loss_;
  LinearObjectiveOptions penalties_;
  double spread_;
  Scaling scaling_;
  LabelScaling label_scaling_;
  Part train_;
  Part validation_;
};

}  // namespace ringmaker::train
