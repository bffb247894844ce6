#include "train/learner/linear_learner.h"

#include "base/cpu.h"
#include "base/random.h"
#include "base/text.h"
#include "train/learner/linear_problem.h"
#include "train/learner/round_scores.h"
#include "train/learner/row_weights.h"
#include "train/solver/smoothing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::train {
namespace {

/// The tolerance ends the descent; this is for data on which it never would.
constexpr uint64_t kIterationsMax = 100'000;

/// The more steps are remembered the fewer are needed; each is two vectors of parameters.
size_t history_for(size_t parameters) {
  constexpr size_t kHistoryMin = 10;
  constexpr size_t kHistoryMax = 40;
  constexpr size_t kValuesMax = size_t{1} << 22U;
  return std::clamp(kValuesMax / parameters, kHistoryMin, kHistoryMax);
}

/// A number that is about normal: the sum of twelve uniform ones, less its mean.
double normal_like(base::Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) {
    sum += random.uniform();
  }
  return sum;
}

/// One fit: the problem is solved, each round told.
class Fit {
 public:
  Fit(const LinearOptions& options, LinearProblem& problem, RoundScores& scores,
      TrainingObserver& observer)
      : options_(options), problem_(problem), scores_(scores), observer_(observer) {}

  base::Result<std::vector<double>> run() {
    return options_.mini_batch ? descend() : base::Result<std::vector<double>>(solve());
  }

 private:
  [[nodiscard]] std::vector<double> solve() {
    std::vector<double> x(problem_.objective().parameters(), 0.0);
    const bool smooth = problem_.loss().smooth();
    LbfgsOptions solver;
    solver.history = history_for(x.size());
    solver.iterations_max = options_.epochs > 0 ? options_.epochs : kIterationsMax;
    solver.value_noise = 1e-6;  // exponentials are float32, and so are the sums of slopes
    solver.gradient_tolerance = 1e-9;
    solver.value_tolerance = options_.tolerance >= 0 ? options_.tolerance : 1e-9;
    solver.patience = options_.patience;
    if (smooth && options_.tolerance < 0) {
      // Columns that nearly repeat each other curve little where nothing weighs against it.
      constexpr double kAlmostFlat = 1e-9;
      solver.curvature_least = std::max(problem_.weight_decay(), kAlmostFlat);
    }
    solver.l1 = options_.l1;
    solver.l1_coordinates = problem_.weight_count();
    const auto on_iteration = [&](size_t iteration, double /*value*/) {
      const auto round = static_cast<uint32_t>(iteration);
      (void)scores_.report(round, x, true, observer_);
      observer_.on_best(round);  // none raises the value by more than its noise
      return !observer_.stop_requested();
    };
    const Minimum minimum = smooth
                                ? minimise(problem_.objective(), x, solver, on_iteration)
                                : minimise_with_kinks(problem_.objective(), x, solver,
                                                      {.width = problem_.spread()}, on_iteration);
    if (minimum.at_limit) {
      observer_.on_note(fmt::format(
          "stopped at the limit of {}, not converged: a larger epochs would come nearer "
          "to the least loss",
          base::counted(solver.iterations_max, "pass", "passes")));
    }
    if (minimum.stalled) {
      observer_.on_note(
          "stopped, not converged: no step lowers the loss, though its slope says that one should; "
          "columns that are far larger than others, where normalize_data is false, or that nearly "
          "repeat each other may be why");
    }
    return x;
  }

  /// Mini-batches; the best epoch's result is kept.
  [[nodiscard]] base::Result<std::vector<double>> descend() {
    MiniBatchOptions descent = *options_.mini_batch;
    descent.epochs = options_.epochs > 0 ? options_.epochs : descent.epochs;
    descent.l1 = options_.l1;
    descent.l1_coordinates = problem_.weight_count();
    descent.bias_from = problem_.weight_count();
    std::vector<double> x = start(descent.seed);
    std::vector<double> best;
    double best_loss = std::numeric_limits<double>::infinity();
    double loss_to_beat = best_loss;
    const double tolerance = options_.tolerance >= 0 ? options_.tolerance : 1e-3;
    uint32_t best_epoch = 0;
    uint32_t epochs = 0;
    uint64_t idle = 0;
    bool lost = false;
    descend_in_batches(
        problem_.rows(), [&](auto rows, auto at, auto slope) { problem_.slope(rows, at, slope); },
        x, descent,
        [&](size_t epoch) {
          const auto round = static_cast<uint32_t>(epoch);
          const double loss = scores_.report(round, x, false, observer_);
          epochs = round + 1;
          if (loss < best_loss) {
            best_loss = loss;
            best = x;
            best_epoch = round;
            observer_.on_best(round);
          }
          const bool improved = loss < loss_to_beat - tolerance * std::abs(loss);
          idle = improved ? 0 : idle + 1;
          loss_to_beat = improved ? loss : loss_to_beat;
          lost = !std::isfinite(loss);
          return !lost && idle < options_.patience && !observer_.stop_requested();
        });
    if (best.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("the loss is no longer a number after the first epoch; "
                                    "learning_rate {} is too large for this data",
                                    descent.learning_rate));
    }
    if (lost) {
      observer_.on_note(
          fmt::format("the loss is no longer a number; a learning_rate below {} may do better",
                      descent.learning_rate));
    }
    if (best_epoch + 1 < epochs) {
      observer_.on_note(
          fmt::format("epoch {} of {} is kept, counted from 0: its loss is the least, and the "
                      "scores of the model are those of its line",
                      best_epoch, epochs));
    }
    return best;
  }

  [[nodiscard]] std::vector<double> start(uint64_t seed) const {
    std::vector<double> x(problem_.objective().parameters(), 0.0);
    if (!options_.init) {
      return x;
    }
    base::Random random(seed);
    for (size_t i = 0; i < problem_.weight_count(); ++i) {
      x[i] = options_.init->normal ? options_.init->sigma * normal_like(random)
                                   : options_.init->scale * (2 * random.uniform() - 1);
    }
    if (options_.use_bias) {
      std::fill(x.begin() + static_cast<ptrdiff_t>(problem_.weight_count()), x.end(),
                options_.init->bias);
    }
    return x;
  }

  const LinearOptions& options_;
  LinearProblem& problem_;
  RoundScores& scores_;
  TrainingObserver& observer_;
};

base::Result<void> check_classes(const Dataset& train) {
  if (train.output.task != data::Task::kRegression && train.output.class_names.size() < 2) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("all {} labels are \"{}\"; a classifier needs at least two classes",
                    train.rows(),
                    train.output.class_names.empty() ? "" : train.output.class_names.front()));
  }
  return {};
}

/// The threshold the criterion chooses, on scores as the model will answer them.
base::Result<float> threshold_of(const model::Model& model, const LinearOptions& options,
                                 const Dataset& train, const Dataset* validation) {
  if (model.output.task != data::Task::kBinary ||
      !chooses_threshold(options, validation != nullptr)) {
    return model.output.threshold;
  }
  const Dataset& judge = validation != nullptr ? *validation : train;
  const size_t rows = options.calibration_rows > 0
                          ? std::min<size_t>(options.calibration_rows, judge.rows())
                          : judge.rows();
  RM_ASSIGN(const auto predictor, model::compile(model, base::detect_instruction_set()));
  std::vector<float> scores(rows);
  predictor->predict(judge.features.view().slice(0, rows), {scores.data(), rows, 1});
  ThresholdOptions threshold = options.threshold;
  threshold.criterion = options.criterion.value_or(Criterion::kAccuracy);
  threshold.neutral = model.output.threshold;
  return choose_threshold(scores, std::span(judge.labels).first(rows), threshold);
}

}  // namespace

base::Result<model::Model> LinearLearner::fit(const Dataset& train, const Dataset* validation,
                                              TrainingObserver& observer) const {
  RM_TRY(check_classes(train));
  RM_TRY(check_weights(train, "train", true));
  if (validation != nullptr) {
    RM_TRY(check_weights(*validation, "validation", false));
  }
  LossChoice choice = options_.loss;
  RM_ASSIGN(choice.kind, loss_for(choice.kind, train.output.task));
  if (const std::string note =
          without_effect(options_, train.output.task, choice.kind, validation != nullptr);
      !note.empty()) {
    observer.on_note(note);
  }
  RM_ASSIGN(const auto problem, LinearProblem::make(options_, choice, train, validation));
  RoundScores scores(options_, *problem, train, validation);
  for (const std::string& note : scores.notes()) {
    observer.on_note(note);
  }
  RM_ASSIGN(const std::vector<double> x, Fit(options_, *problem, scores, observer).run());
  model::Model model = problem->model_of(x);
  RM_TRY(model::validate(model));
  RM_ASSIGN(model.output.threshold, threshold_of(model, options_, train, validation));
  return model;
}

}  // namespace ringmaker::train
