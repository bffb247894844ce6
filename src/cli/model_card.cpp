#include "cli/model_card.h"

#include "base/text.h"
#include "wire/json_writer.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace ringmaker::cli {
namespace {

using wire::JsonWriter;

constexpr size_t kListMax = 50;  // of the schema, for metrics of a group

std::string_view problem_type(const model::Model& model) noexcept {
  switch (model.output.task) {
    case data::Task::kRegression:
      return "Regression";
    case data::Task::kBinary:
      return "Binary Classification";
    case data::Task::kMulticlass:
      return "Multiclass Classification";
  }
  return "Other";
}

std::string description_of(const model::Model& model) {
  std::string text =
      fmt::format("A {} model of {} inputs.", model::kind(model), model.schema.feature_count());
  if (!model.output.class_names.empty()) {
    text += fmt::format(" Classes: {}.", fmt::join(model.output.class_names, ", "));
  }
  return text;
}

void write_metric(JsonWriter& json, const std::pair<std::string, double>& metric) {
  json.begin_object().member("name", metric.first);
  json.member("value", metric.second).end_object();
}

void write_training(JsonWriter& json, const model::Model& model) {
  const model::Provenance& origin = model.provenance;
  json.key("training_details").begin_object();
  if (const std::string objective = objective_of(model); !objective.empty()) {
    json.key("objective_function").begin_object().key("function").begin_object();
    json.member("function", "Minimize").member("facet", "Loss");
    json.member("condition", objective).end_object().end_object();
  }
  if (origin.rows_trained > 0) {
    json.member("training_observations", base::counted(origin.rows_trained, "row"));
  }
  json.key("training_job_details").begin_object();
  json.key("training_metrics").begin_array();
  size_t written = 0;
  for (const auto& metric : origin.metrics) {
    if (metric.first.starts_with("train") && written++ < kListMax) {
      write_metric(json, metric);
    }
  }
  json.end_array().key("hyper_parameters").begin_array();
  for (const auto& [name, value] : origin.hyperparameters) {
    json.begin_object().member("name", name).member("value", value).end_object();
  }
  json.end_array().end_object().end_object();
}

void write_evaluation(JsonWriter& json, const model::Model& model) {
  std::vector<std::pair<std::string, double>> metrics;
  for (const auto& metric : model.provenance.metrics) {
    if (!metric.first.starts_with("train") && metrics.size() < kListMax) {
      metrics.push_back(metric);
    }
  }
  if (metrics.empty()) {
    return;
  }
  json.key("evaluation_details").begin_array().begin_object();
  json.member("name", "validation").key("metric_groups").begin_array().begin_object();
  json.member("name", "held-out rows").key("metric_data").begin_array();
  for (const auto& [name, value] : metrics) {
    json.begin_object().member("name", name).member("type", "number");
    json.member("value", value).end_object();
  }
  json.end_array().end_object().end_array().end_object().end_array();
}

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): members of an average are no averages.
std::string objective_of(const model::Model& model) {
  if (const auto* trees = std::get_if<model::TreeParameters>(&model.parameters)) {
    return trees->objective;
  }
  if (const auto* boosted = std::get_if<model::BoostedLinearParameters>(&model.parameters)) {
    return boosted->objective;
  }
  if (const auto* average = std::get_if<model::AverageParameters>(&model.parameters)) {
    return objective_of(average->members.front());
  }
  const auto* linear = std::get_if<model::LinearParameters>(&model.parameters);
  if (linear == nullptr) {
    return "";  // the others do not say what they were trained for
  }
  switch (linear->link) {
    case model::Link::kIdentity:
      return "squared_loss";
    case model::Link::kLogistic:
      return "logistic";
    case model::Link::kSoftmax:
      return "softmax_loss";
    default:
      return "";
  }
}

std::string model_card(const model::Model& model) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("model_overview").begin_object();
  json.member("model_description", description_of(model));
  if (!model.provenance.trained_by.empty()) {
    json.member("model_creator", model.provenance.trained_by);
  }
  json.member("problem_type", problem_type(model)).member("algorithm_type", model::kind(model));
  json.end_object();
  write_training(json, model);
  write_evaluation(json, model);
  json.end_object();
  return text;
}

}  // namespace ringmaker::cli
