#include "train/learner/linear_learner.h"

#include "base/cpu.h"
#include "train/evaluation/scores.h"
#include "train/objective/linear_objective.h"
#include "train/solver/lbfgs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

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
        objective_(loss_, rows_.view(), train.labels, train.weights, outputs_, wd()) {
    if (validation != nullptr) {
      validation_rows_ =
          std::make_unique<data::DenseBlock>(standardise(validation->features.view(), scaling_));
      validation_objective_ = std::make_unique<LinearObjective>(
          loss_, validation_rows_->view(), validation->labels, validation->weights, outputs_, 0.0);
    }
  }

  model::Model run() {
    std::vector<double> x(objective_.parameters(), 0.0);
    LbfgsOptions solver;
    solver.iterations_max = options_.epochs;
    solver.value_tolerance = options_.tolerance;
    solver.l1 = options_.l1;
    solver.l1_coordinates = outputs_ * train_.features.columns();
    minimise(objective_, x, solver, [&](size_t iteration, double /*value*/) {
      report(iteration, x);
      return !observer_.stop_requested();
    });
    return make_model(x);
  }

 private:
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

  void report(size_t round, const std::vector<double>& x) {
    const std::vector<NamedScore> on_train = score_of(objective_, train_);
    std::vector<NamedScore> on_validation;
    if (validation_ != nullptr) {
      std::vector<double> unused(x.size());
      (void)validation_objective_->evaluate(x, unused);
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
  LinearObjective objective_;
  std::unique_ptr<data::DenseBlock> validation_rows_;
  std::unique_ptr<LinearObjective> validation_objective_;
};

}  // namespace

std::span<const std::string_view> linear_hyperparameter_names() noexcept {
  static constexpr std::array<std::string_view, 6> kNames{
      "wd", "l1", "epochs", "normalize_data", "early_stopping_tolerance", "optimizer"};
  return kNames;
}

base::Result<LinearOptions> make_linear_options(const config::Hyperparameters& hyperparameters) {
  LinearOptions options;
  constexpr std::array<std::string_view, 2> kOptimizers{"auto", "lbfgs"};
  RM_ASSIGN(options.wd, hyperparameters.number("wd", options.wd, 0, 1e6));
  RM_ASSIGN(options.l1, hyperparameters.number("l1", options.l1, 0, 1e6));
  RM_ASSIGN(options.epochs, hyperparameters.integer("epochs", options.epochs, 1, 1'000'000));
  RM_ASSIGN(options.normalize_data,
            hyperparameters.boolean("normalize_data", options.normalize_data));
  RM_ASSIGN(options.tolerance,
            hyperparameters.number("early_stopping_tolerance", options.tolerance, 0, 1));
  RM_TRY(hyperparameters.choice("optimizer", "auto", kOptimizers));
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
