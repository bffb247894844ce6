#include "train/learner/linear_problem.h"

#include "base/cpu.h"
#include "train/learner/row_weights.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::train {
namespace {

model::Link link_of(LossKind kind) noexcept {
  return kind == LossKind::kLogistic  ? model::Link::kLogistic
         : kind == LossKind::kSoftmax ? model::Link::kSoftmax
                                      : model::Link::kIdentity;
}

void to_probabilities(std::span<double> raw) {
  const double greatest = *std::max_element(raw.begin(), raw.end());
  double sum = 0;
  for (double& value : raw) {
    value = std::exp(value - greatest);
    sum += value;
  }
  for (double& value : raw) {
    value /= sum;
  }
}

}  // namespace

LinearProblem::LinearProblem(const LinearOptions& options, const LossChoice& choice,
                             const Dataset& train)
    : options_(options),
      dataset_(train),
      kind_(choice.kind),
      loss_(make_loss(choice)),
      spread_(choice.kind == LossKind::kHinge ? choice.margin : 1) {
  const double wd = options.wd >= 0 ? options.wd : 1.0 / static_cast<double>(train.rows());
  penalties_ = {.outputs = train.output.score_columns(),
                .wd = wd,
                .bias_wd = wd * options.bias_wd_mult,
                .use_bias = options.use_bias};
}

base::Result<std::unique_ptr<LinearProblem>> LinearProblem::make(const LinearOptions& options,
                                                                 const LossChoice& choice,
                                                                 const Dataset& train,
                                                                 const Dataset* validation) {
  std::unique_ptr<LinearProblem> problem(new LinearProblem(options, choice, train));
  RM_TRY(problem->prepare(validation));
  return problem;
}

base::Result<void> LinearProblem::prepare(const Dataset* validation) {
  scaling_ = measure_scaling(dataset_.features.view(), {.centre = options_.unbias_data,
                                                        .normalize = options_.normalize_data,
                                                        .rows_max = options_.scaler_rows});
  if (dataset_.output.task == data::Task::kRegression) {
    RM_ASSIGN(label_scaling_, measure_label_scaling(dataset_.labels, options_.unbias_label,
                                                    options_.normalize_label));
    RM_ASSIGN(const LabelScaling whole, measure_label_scaling(dataset_.labels, true, true));
    spread_ = whole.unit / label_scaling_.unit;
  }
  RM_TRY(fill(train_, dataset_));
  train_.weights = row_weights(dataset_, options_.class_weights);
  LinearObjectiveOptions objective = penalties_;
  objective.threads = base::usable_cpu_count();
  train_.objective = std::make_unique<LinearObjective>(*loss_, train_.rows->view(), train_.labels,
                                                       train_.weights, objective);
  if (validation != nullptr) {
    RM_TRY(fill(validation_, *validation));
    objective.wd = objective.bias_wd = 0;
    validation_.objective = std::make_unique<LinearObjective>(
        *loss_, validation_.rows->view(), validation_.labels, validation_.weights, objective);
  }
  return {};
}

base::Result<void> LinearProblem::fill(Part& part, const Dataset& dataset) const {
  RM_ASSIGN(data::DenseBlock rows, scaled_rows(dataset.features.view(), scaling_, dataset.schema));
  part.rows = std::make_unique<data::DenseBlock>(std::move(rows));
  part.labels = scaled_labels(dataset.labels, label_scaling_);
  part.weights = dataset.weights;
  return {};
}

void LinearProblem::slope(std::span<const uint32_t> batch, std::span<const double> x,
                          std::span<double> slope) const {
  data::DenseBlock rows(train_.rows->columns(), batch.size());
  rows.resize(batch.size());
  std::vector<double> labels(batch.size());
  std::vector<float> weights(train_.weights.empty() ? 0 : batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    std::copy_n(train_.rows->view().row(batch[i]), rows.columns(), rows.span().row(i));
    labels[i] = train_.labels[batch[i]];
    if (!weights.empty()) {
      weights[i] = train_.weights[batch[i]];
    }
  }
  LinearObjective objective(*loss_, rows.view(), labels, weights, penalties_);
  (void)objective.evaluate(x, slope);
}

std::vector<double> LinearProblem::answers(const LinearObjective& objective) const {
  std::vector<double> values;
  objective.visit_raw([&](size_t /*first*/, std::span<const double> raw) {
    values.insert(values.end(), raw.begin(), raw.end());
  });
  switch (kind_) {
    case LossKind::kLogistic:
      for (double& value : values) {
        value = 1.0 / (1.0 + std::exp(-value));
      }
      break;
    case LossKind::kHinge:
      break;
    default:
      for (double& value : values) {
        value = value * label_scaling_.unit + label_scaling_.offset;
      }
  }
  return values;
}

std::vector<ClassStanding> LinearProblem::standings(const LinearObjective& objective,
                                                    const Dataset& dataset) const {
  const size_t classes = penalties_.outputs;
  std::vector<ClassStanding> standings(dataset.rows());
  objective.visit_raw([&](size_t first, std::span<const double> raw) {
    std::vector<double> scores(classes);
    for (size_t i = 0; i * classes < raw.size(); ++i) {
      std::copy_n(raw.begin() + static_cast<ptrdiff_t>(i * classes), classes, scores.begin());
      to_probabilities(scores);
      standings[first + i] = standing_of(scores, static_cast<size_t>(dataset.labels[first + i]));
    }
  });
  return standings;
}

model::Model LinearProblem::model_of(std::span<const double> x) const {
  const size_t columns = dataset_.features.columns();
  model::LinearParameters linear;
  linear.link = link_of(kind_);
  linear.outputs = penalties_.outputs;
  std::vector<double> importance(columns);
  double importance_sum = 0;
  for (size_t k = 0; k < linear.outputs; ++k) {
    double bias = x[weight_count() + k] * label_scaling_.unit + label_scaling_.offset;
    for (size_t j = 0; j < columns; ++j) {
      const double scaled = x[k * columns + j];
      const auto weight = static_cast<float>(scaled * label_scaling_.unit / scaling_.unit[j]);
      linear.weights.push_back(weight);
      // With the weight as stored, so that rounding it does not shift the scores.
      bias -= static_cast<double>(weight) * scaling_.offset[j];
      importance[j] += std::abs(scaled);
      importance_sum += std::abs(scaled);
    }
    linear.bias.push_back(bias);
  }
  for (size_t j = 0; j < columns; ++j) {
    linear.fill.push_back(static_cast<float>(scaling_.fill[j]));
    importance[j] = importance_sum > 0 ? importance[j] / importance_sum : 0;
  }
  model::Model model;
  model.schema = dataset_.schema;
  model.output = dataset_.output;
  if (margin()) {
    model.output.margin = true;
    model.output.threshold = 0;
  }
  model.provenance.rows_trained = dataset_.rows();
  model.provenance.example_row.assign(dataset_.features.view().row(0),
                                      dataset_.features.view().row(0) + columns);
  if (importance_sum > 0) {
    model.provenance.importance = std::move(importance);
  }
  model.parameters = std::move(linear);
  return model;
}

}  // namespace ringmaker::train
