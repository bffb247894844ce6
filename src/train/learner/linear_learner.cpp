#include "train/learner/linear_learner.h"

#include "base/cpu.h"
#include "train/evaluation/scores.h"
#include "train/objective/linear_objective.h"
#include "train/solver/lbfgs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

namespace ringmaker::train {
namespace {

/// What standardises a column: (x - mean) / deviation.
struct Scaling {
  std::vector<double> mean;
  std::vector<double> deviation;
};

Scaling measure(data::DenseView rows) {
  Scaling scaling{std::vector<double>(rows.columns), std::vector<double>(rows.columns)};
  std::vector<double> present(rows.columns);
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t j = 0; j < rows.columns; ++j) {
      const auto value = static_cast<double>(rows.row(i)[j]);
      if (!std::isnan(value)) {
        scaling.mean[j] += value;
        present[j] += 1;
      }
    }
  }
  for (size_t j = 0; j < rows.columns; ++j) {
    scaling.mean[j] = present[j] > 0 ? scaling.mean[j] / present[j] : 0;
  }
  // A second pass, because the difference of large squares loses what matters.
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t j = 0; j < rows.columns; ++j) {
      const double centred = static_cast<double>(rows.row(i)[j]) - scaling.mean[j];
      scaling.deviation[j] += std::isnan(centred) ? 0 : centred * centred;
    }
  }
  for (double& deviation : scaling.deviation) {
    deviation = std::sqrt(deviation / static_cast<double>(rows.rows));
    if (!(deviation > 1e-12)) {
      deviation = 1;  // a constant column says nothing, and is left to the bias
    }
  }
  return scaling;
}

data::DenseBlock standardise(data::DenseView rows, const Scaling& scaling) {
  data::DenseBlock result(rows.columns, rows.rows);
  result.resize(rows.rows);
  for (size_t i = 0; i < rows.rows; ++i) {
    const float* from = rows.row(i);
    float* to = result.span().row(i);
    for (size_t j = 0; j < rows.columns; ++j) {
      const auto value = static_cast<double>(from[j]);
      to[j] = std::isnan(value)
                  ? 0.0F
                  : static_cast<float>((value - scaling.mean[j]) / scaling.deviation[j]);
    }
  }
  return result;
}

Loss loss_of(data::Task task) noexcept {
  switch (task) {
    case data::Task::kRegression:
      return Loss::kSquared;
    case data::Task::kBinary:
      return Loss::kLogistic;
    case data::Task::kMulticlass:
      return Loss::kSoftmax;
  }
  return Loss::kSquared;
}

/// Raw scores to values or probabilities, in place.
void apply_link(Loss loss, std::vector<double>& raw, size_t outputs) {
  if (loss == Loss::kLogistic) {
    for (double& value : raw) {
      value = 1.0 / (1.0 + std::exp(-value));
    }
  } else if (loss == Loss::kSoftmax) {
    for (size_t i = 0; i < raw.size(); i += outputs) {
      double* row = raw.data() + i;
      const double greatest = *std::max_element(row, row + outputs);
      double sum = 0;
      for (size_t k = 0; k < outputs; ++k) {
        row[k] = std::exp(row[k] - greatest);
        sum += row[k];
      }
      for (size_t k = 0; k < outputs; ++k) {
        row[k] /= sum;
      }
    }
  }
}

/// A row's own weight times that of its class; empty when every row counts 1.
std::vector<float> row_weights(const LinearOptions& options, const Dataset& train) {
  const bool binary = train.output.task == data::Task::kBinary;
  const bool balanced = (binary && options.positive_weight < 0) ||
                        (train.output.task == data::Task::kMulticlass && options.balance_classes);
  if (!balanced && !(binary && options.positive_weight != 1)) {
    return train.weights;
  }
  std::vector<double> of_class(train.output.class_names.size(), 0.0);
  for (const double label : train.labels) {
    of_class[static_cast<size_t>(label)] += 1;
  }
  const auto rows = static_cast<double>(train.rows());
  for (double& weight : of_class) {
    weight = weight > 0 ? rows / (static_cast<double>(of_class.size()) * weight) : 1;
  }
  if (!balanced) {
    of_class = {1.0, options.positive_weight};
  }
  std::vector<float> weights(train.rows());
  for (size_t i = 0; i < weights.size(); ++i) {
    const double own = train.weights.empty() ? 1 : static_cast<double>(train.weights[i]);
    weights[i] = static_cast<float>(own * of_class[static_cast<size_t>(train.labels[i])]);
  }
  return weights;
}

/// What labels are divided by while mini-batches train, so that one learning rate fits them all.
double label_unit(const Dataset& train) {
  if (train.output.task != data::Task::kRegression) {
    return 1;
  }
  const auto rows = static_cast<double>(train.rows());
  double mean = 0;
  for (const double label : train.labels) {
    mean += label / rows;
  }
  double variance = 0;
  for (const double label : train.labels) {
    variance += (label - mean) * (label - mean) / rows;
  }
  return variance > 0 ? std::sqrt(variance) : 1;
}

struct NamedScore {
  std::string_view name;
  double value = 0;
};

std::vector<NamedScore> score(data::Task task, std::span<const double> predicted,
                              std::span<const double> labels, size_t outputs) {
  switch (task) {
    case data::Task::kRegression:
      return {{"rmse", root_mean_squared_error(predicted, labels)},
              {"mae", mean_absolute_error(predicted, labels)}};
    case data::Task::kBinary:
      return {{"logloss", log_loss(predicted, labels)},
              {"error", error_rate(predicted, labels)},
              {"auc", area_under_curve(predicted, labels)}};
    case data::Task::kMulticlass:
      return {{"mlogloss", multiclass_log_loss(predicted, labels, outputs)},
              {"merror", multiclass_error_rate(predicted, labels, outputs)}};
  }
  return {};
}

/// One fit, from the standardised rows to the model.
class Fit {
 public:
  Fit(const LinearOptions& options, const Dataset& train, const Dataset* validation,
      TrainingObserver& observer)
      : options_(options),
        train_(train),
        validation_(validation),
        observer_(observer),
        loss_(loss_of(train.output.task)),
        outputs_(train.output.score_columns()),
        scaling_(scaling()),
        rows_(standardise(train.features.view(), scaling_)),
        weights_(row_weights(options, train)),
        objective_(loss_, rows_.view(), train.labels, weights_, outputs_, wd(),
                   base::usable_cpu_count()) {
    if (validation != nullptr) {
      validation_rows_ =
          std::make_unique<data::DenseBlock>(standardise(validation->features.view(), scaling_));
      validation_objective_ = std::make_unique<LinearObjective>(
          loss_, validation_rows_->view(), validation->labels, validation->weights, outputs_, 0.0);
    }
  }

  model::Model run() { return make_model(options_.mini_batch ? descend() : solve()); }

 private:
  [[nodiscard]] std::vector<double> solve() {
    std::vector<double> x(objective_.parameters(), 0.0);
    LbfgsOptions solver;
    solver.iterations_max = options_.epochs;
    solver.value_tolerance = options_.tolerance;
    solver.l1 = options_.l1;
    solver.l1_coordinates = outputs_ * train_.features.columns();
    minimise(objective_, x, solver, [&](size_t iteration, double /*value*/) {
      (void)report(iteration, x);
      return !observer_.stop_requested();
    });
    return x;
  }

  /// Mini-batches. Labels are divided by their unit meanwhile; the best epoch's result is kept.
  [[nodiscard]] std::vector<double> descend() {
    const double unit = label_unit(train_);
    MiniBatchOptions descent = *options_.mini_batch;
    descent.epochs = options_.epochs;
    descent.l1 = options_.l1 / unit;
    descent.l1_coordinates = outputs_ * train_.features.columns();
    std::vector<double> scaled(objective_.parameters(), 0.0);
    if (loss_ == Loss::kSquared) {
      scaled.back() = std::accumulate(train_.labels.begin(), train_.labels.end(), 0.0) /
                      static_cast<double>(train_.rows()) / unit;
    }
    std::vector<double> best = scaled;
    double best_loss = std::numeric_limits<double>::infinity();
    double loss_to_beat = best_loss;
    uint64_t idle = 0;
    descend_in_batches(
        train_.rows(), [&](auto rows, auto x, auto slope) { batch_slope(rows, unit, x, slope); },
        scaled, descent,
        [&](size_t epoch) {
          std::vector<double> x = scaled;
          std::transform(x.begin(), x.end(), x.begin(), [&](double v) { return v * unit; });
          const double loss = report(epoch, x);
          if (loss < best_loss) {
            best_loss = loss;
            best = std::move(x);
          }
          const bool improved = loss < loss_to_beat - options_.patience_tolerance * std::abs(loss);
          idle = improved ? 0 : idle + 1;
          loss_to_beat = improved ? loss : loss_to_beat;
          return idle < options_.patience && !observer_.stop_requested();
        });
    return best;
  }

  /// The mean slope over a few rows, with the penalty of all.
  void batch_slope(std::span<const uint32_t> batch, double unit, std::span<const double> x,
                   std::span<double> slope) const {
    data::DenseBlock rows(rows_.columns(), batch.size());
    rows.resize(batch.size());
    std::vector<double> labels(batch.size());
    std::vector<float> weights(weights_.empty() ? 0 : batch.size());
    for (size_t i = 0; i < batch.size(); ++i) {
      std::copy_n(rows_.view().row(batch[i]), rows_.columns(), rows.span().row(i));
      labels[i] = train_.labels[batch[i]] / unit;
      if (!weights_.empty()) {
        weights[i] = weights_[batch[i]];
      }
    }
    LinearObjective objective(loss_, rows.view(), labels, weights, outputs_, wd());
    (void)objective.evaluate(x, slope);
  }

  [[nodiscard]] double wd() const noexcept {
    return options_.wd >= 0 ? options_.wd : 1.0 / static_cast<double>(train_.rows());
  }

  [[nodiscard]] Scaling scaling() const {
    Scaling measured = measure(train_.features.view());
    if (!options_.normalize_data) {
      std::fill(measured.deviation.begin(), measured.deviation.end(), 1.0);
    }
    return measured;
  }

  std::vector<NamedScore> score_of(const LinearObjective& objective, const Dataset& dataset) const {
    std::vector<double> predicted(objective.raw().begin(), objective.raw().end());
    apply_link(loss_, predicted, outputs_);
    return score(dataset.output.task, predicted, dataset.labels, outputs_);
  }

  /// Scores x on all rows and tells the observer. The loss that decides which x is the best.
  double report(size_t round, const std::vector<double>& x) {
    std::vector<double> unused(x.size());
    double loss = 0;
    if (options_.mini_batch) {
      // L-BFGS has just evaluated x itself.
      loss = objective_.evaluate(x, unused);
    }
    const std::vector<NamedScore> on_train = score_of(objective_, train_);
    std::vector<NamedScore> on_validation;
    if (validation_ != nullptr) {
      loss = validation_objective_->evaluate(x, unused);
      on_validation = score_of(*validation_objective_, *validation_);
    }
    std::vector<RoundScore> scores;
    for (size_t i = 0; i < on_train.size(); ++i) {
      RoundScore& line = scores.emplace_back();
      line.name = on_train[i].name;
      line.train = on_train[i].value;
      if (!on_validation.empty()) {
        line.validation = on_validation[i].value;
      }
    }
    observer_.on_round(static_cast<uint32_t>(round), scores);
    return loss;
  }

  [[nodiscard]] model::Model make_model(const std::vector<double>& x) const {
    const size_t columns = train_.features.columns();
    model::LinearParameters parameters;
    parameters.link = loss_ == Loss::kSquared    ? model::Link::kIdentity
                      : loss_ == Loss::kLogistic ? model::Link::kLogistic
                                                 : model::Link::kSoftmax;
    parameters.outputs = outputs_;
    parameters.bias.assign(x.begin() + static_cast<ptrdiff_t>(outputs_ * columns), x.end());
    std::vector<double> importance(columns);
    double importance_sum = 0;
    for (size_t k = 0; k < outputs_; ++k) {
      for (size_t j = 0; j < columns; ++j) {
        const auto weight = static_cast<float>(x[k * columns + j] / scaling_.deviation[j]);
        parameters.weights.push_back(weight);
        // With the weight as stored, so that rounding it does not shift the scores.
        parameters.bias[k] -= static_cast<double>(weight) * scaling_.mean[j];
        importance[j] += std::abs(x[k * columns + j]);
        importance_sum += std::abs(x[k * columns + j]);
      }
    }
    for (size_t j = 0; j < columns; ++j) {
      parameters.fill.push_back(static_cast<float>(scaling_.mean[j]));
      importance[j] = importance_sum > 0 ? importance[j] / importance_sum : 0;
    }
    model::Model model;
    model.schema = train_.schema;
    model.output = train_.output;
    model.provenance.rows_trained = train_.rows();
    model.provenance.example_row.assign(train_.features.view().row(0),
                                        train_.features.view().row(0) + columns);
    if (importance_sum > 0) {
      model.provenance.importance = std::move(importance);
    }
    model.parameters = std::move(parameters);
    return model;
  }

  const LinearOptions& options_;
  const Dataset& train_;
  const Dataset* validation_;
  TrainingObserver& observer_;
  Loss loss_;
  size_t outputs_;
  Scaling scaling_;
  data::DenseBlock rows_;
  std::vector<float> weights_;
  LinearObjective objective_;
  std::unique_ptr<data::DenseBlock> validation_rows_;
  std::unique_ptr<LinearObjective> validation_objective_;
};

}  // namespace

std::span<const std::string_view> linear_hyperparameter_names() noexcept {
  static constexpr std::array<std::string_view, 18> kNames{"wd",
                                                           "l1",
                                                           "epochs",
                                                           "normalize_data",
                                                           "early_stopping_tolerance",
                                                           "early_stopping_patience",
                                                           "optimizer",
                                                           "mini_batch_size",
                                                           "learning_rate",
                                                           "momentum",
                                                           "beta_1",
                                                           "beta_2",
                                                           "use_lr_scheduler",
                                                           "lr_scheduler_step",
                                                           "lr_scheduler_factor",
                                                           "lr_scheduler_minimum_lr",
                                                           "positive_example_weight_mult",
                                                           "balance_multiclass_weights"};
  return kNames;
}

namespace {

base::Result<MiniBatchOptions> make_mini_batch_options(const config::Hyperparameters& given,
                                                       std::string_view optimizer) {
  MiniBatchOptions options;
  options.rule = optimizer == "sgd"       ? UpdateRule::kSgd
                 : optimizer == "rmsprop" ? UpdateRule::kRmsprop
                                          : UpdateRule::kAdam;
  RM_ASSIGN(options.batch_rows,
            given.integer("mini_batch_size", options.batch_rows, 1, 100'000'000));
  RM_ASSIGN(options.learning_rate,
            given.number("learning_rate", options.learning_rate, 1e-12, 1e3));
  RM_ASSIGN(options.momentum, given.number("momentum", options.momentum, 0, 0.999999));
  RM_ASSIGN(options.beta_1, given.number("beta_1", options.beta_1, 0, 0.999999));
  RM_ASSIGN(options.beta_2, given.number("beta_2", options.beta_2, 0, 0.9999999));
  RM_ASSIGN(const bool scheduled, given.boolean("use_lr_scheduler", true));
  RM_ASSIGN(options.scheduler_step,
            given.integer("lr_scheduler_step", options.scheduler_step, 1, 1'000'000'000));
  options.scheduler_step = scheduled ? options.scheduler_step : 0;
  RM_ASSIGN(options.scheduler_factor,
            given.number("lr_scheduler_factor", options.scheduler_factor, 1e-9, 1));
  RM_ASSIGN(options.learning_rate_min,
            given.number("lr_scheduler_minimum_lr", options.learning_rate_min, 0, 1e3));
  RM_ASSIGN(options.seed, given.integer("seed", options.seed, 0, INT64_MAX));
  return options;
}

}  // namespace

base::Result<LinearOptions> make_linear_options(const config::Hyperparameters& hyperparameters) {
  LinearOptions options;
  constexpr std::array<std::string_view, 5> kOptimizers{"auto", "lbfgs", "sgd", "adam", "rmsprop"};
  RM_ASSIGN(const std::string optimizer, hyperparameters.choice("optimizer", "auto", kOptimizers));
  const bool mini_batch = optimizer != "auto" && optimizer != "lbfgs";
  if (mini_batch) {
    RM_ASSIGN(options.mini_batch, make_mini_batch_options(hyperparameters, optimizer));
    options.epochs = MiniBatchOptions().epochs;
  }
  RM_ASSIGN(options.wd, hyperparameters.number("wd", options.wd, 0, 1e6));
  RM_ASSIGN(options.l1, hyperparameters.number("l1", options.l1, 0, 1e6));
  RM_ASSIGN(options.epochs, hyperparameters.integer("epochs", options.epochs, 1, 1'000'000));
  RM_ASSIGN(options.normalize_data,
            hyperparameters.boolean("normalize_data", options.normalize_data));
  double& tolerance = mini_batch ? options.patience_tolerance : options.tolerance;
  RM_ASSIGN(tolerance, hyperparameters.number("early_stopping_tolerance", tolerance, 0, 1));
  RM_ASSIGN(options.patience,
            hyperparameters.integer("early_stopping_patience", options.patience, 1, 1'000'000));
  const auto positive = hyperparameters.text("positive_example_weight_mult");
  if (positive == "balanced") {
    options.positive_weight = -1;
  } else {
    RM_ASSIGN(options.positive_weight,
              hyperparameters.number("positive_example_weight_mult", 1, 1e-5, 1e5));
  }
  RM_ASSIGN(options.balance_classes,
            hyperparameters.boolean("balance_multiclass_weights", options.balance_classes));
  return options;
}

base::Result<model::Model> LinearLearner::fit(const Dataset& train, const Dataset* validation,
                                              TrainingObserver& observer) const {
  if (train.output.task != data::Task::kRegression && train.output.class_names.size() < 2) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("all {} labels are \"{}\"; a classifier needs at least two "
                    "classes",
                    train.rows(),
                    train.output.class_names.empty() ? "" : train.output.class_names.front()));
  }
  return Fit(options_, train, validation, observer).run();
}

}  // namespace ringmaker::train
