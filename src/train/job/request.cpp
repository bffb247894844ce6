#include "train/job/request.h"

#include "train/job/foreign_names.h"
#include "train/job/job_data.h"
#include "train/reader/printable.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace ringmaker::train {
namespace {

constexpr std::array<std::string_view, 10> kCommonNames{
    "algorithm", "predictor_type", "num_classes", "feature_dim", "label",
    "na_values", "drop_columns",   "csv_header",  "csv_weights", "seed"};

base::Result<void> check_names(const Plan& plan) {
  for (const auto& [name, value] : plan.hyperparameters.all()) {
    if (const std::string foreign = foreign_name_text(name); !foreign.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput, foreign);
    }
  }
  RM_TRY(plan.hyperparameters.check_names(hyperparameter_names()));
  constexpr std::array<std::string_view, 1> kAlgorithms{"linear"};
  RM_TRY(plan.hyperparameters.choice("algorithm", "linear", kAlgorithms));
  return {};
}

base::Result<std::optional<data::Task>> task_of(const Plan& plan) {
  constexpr std::array<std::string_view, 3> kTypes{"binary_classifier", "multiclass_classifier",
                                                   "regressor"};
  if (!plan.hyperparameters.text("predictor_type")) {
    if (plan.inside_sagemaker) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("hyperparameter \"predictor_type\" is required; it is one of "
                                    "{}",
                                    fmt::join(kTypes, ", ")));
    }
    return std::optional<data::Task>();
  }
  RM_ASSIGN(const std::string type, plan.hyperparameters.choice("predictor_type", "", kTypes));
  const data::Task task = type == "regressor"           ? data::Task::kRegression
                          : type == "binary_classifier" ? data::Task::kBinary
                                                        : data::Task::kMulticlass;
  return std::optional<data::Task>(task);
}

}  // namespace

std::vector<std::string_view> hyperparameter_names() {
  std::vector<std::string_view> names(kCommonNames.begin(), kCommonNames.end());
  const auto own = linear_hyperparameter_names();
  names.insert(names.end(), own.begin(), own.end());
  return names;
}

base::Result<Request> make_request(const Plan& plan) {
  // Names first: what is misspelt would be told as missing.
  RM_TRY(check_names(plan));
  Request request;
  RM_ASSIGN(request.task, task_of(plan));
  RM_ASSIGN(request.linear, make_linear_options(plan.hyperparameters));
  if (request.task) {
    RM_TRY(loss_for(request.linear.loss.kind, *request.task));
  }
  RM_TRY(check_declarations(plan));
  return request;
}

std::vector<base::Error> check_job(const JobOptions& options) {
  std::vector<base::Error> errors;
  const auto check = [&errors](const auto& result) {
    if (!result) {
      errors.emplace_back(result.error().code(), printable(result.error().message()));
    }
  };
  check(check_channels(options));
  const auto plan = make_plan(options);
  check(plan);
  if (plan) {
    check(make_request(*plan));
    check(check_files(*plan));
  }
  return errors;
}

}  // namespace ringmaker::train
