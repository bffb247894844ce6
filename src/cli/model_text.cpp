#include "cli/model_text.h"

#include "base/text.h"
#include "cli/model_card.h"
#include "model/link.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

namespace ringmaker::cli {
namespace {

constexpr size_t kFeaturesShown = 20;

/// A text that somebody wrote into the model file: no part of it forges a line or moves a cursor.
std::string shown(std::string_view foreign) { return wire::printable(foreign, SIZE_MAX); }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += text.empty() ? "" : ", ";
    text += shown(name);
  }
  return text;
}

std::string size_of(const Parts& parts, const ModelFile& file) {
  if (parts.average != nullptr) {
    return base::counted(parts.average->members.size(), "model");
  }
  std::string text;
  if (parts.graph != nullptr) {
    size_t operators = 0;
    for (const auto& one : parts.graph->operators) {
      operators += one.second;
    }
    text = base::counted(operators, "operator");
  }
  if (const TreeCounts counts = trees_in(parts, file); counts.trees > 0) {
    text += fmt::format("{}{}, {}, {}", text.empty() ? "" : ", ",
                        base::counted(counts.trees, "tree"), base::counted(counts.nodes, "node"),
                        base::counted(counts.leaves, "leaf", "leaves"));
  }
  return text.empty() ? base::counted(parts.weights, "weight") : text;
}

/// "logistic link, binary:logistic"; of a graph what its trees say, if it has any.
std::string objective_text(const model::Model& model, const Parts& parts, const ModelFile& file) {
  if (parts.graph == nullptr) {
    const std::string objective = objective_of(model);
    return fmt::format(", {} link{}{}", model::name(parts.link), objective.empty() ? "" : ", ",
                       shown(objective));
  }
  std::string text;
  for (const model::GraphTrees& one : file.trees) {
    text += ", " + shown(one.objective);
  }
  return text;
}

std::string rounds_of(const model::TreeParameters& trees) {
  return fmt::format("{} of {} score rows", trees.rounds, trees.ensemble.rounds());
}

/// A line a model of those that answer as one.
std::string members_of(const model::AverageParameters& average,
                       const std::vector<ModelFile>& files) {
  std::string text =
      fmt::format("answer      {} {}\n", average.vote ? "what most say of" : "the mean of",
                  base::counted(average.members.size(), "model"));
  for (size_t i = 0; i < std::min(files.size(), average.members.size()); ++i) {
    const model::Model& member = average.members[i];
    const Parts parts = parts_of(member);
    text += fmt::format("model       {}: {}{}, {} bytes, {}", shown(files[i].name),
                        model::kind(member), objective_text(member, parts, files[i]),
                        files[i].bytes, size_of(parts, files[i]));
    text += parts.trees == nullptr ? "" : fmt::format(", rounds: {}", rounds_of(*parts.trees));
    text += files[i].plan.empty() ? "\n" : fmt::format(", scored by {}\n", files[i].plan);
  }
  return text;
}

/// Who trained it, when and on how many rows, as far as that is known.
std::string training_of(const model::Provenance& origin) {
  std::string text;
  if (!origin.trained_by.empty()) {
    text += " by " + shown(origin.trained_by);
  }
  if (!origin.trained_at.empty()) {
    text += " at " + shown(origin.trained_at);
  }
  if (origin.rows_trained > 0) {
    text += " on " + base::counted(origin.rows_trained, "row");
  }
  return text.empty() ? "" : fmt::format("trained    {}\n", text);
}

std::vector<size_t> by_importance(const model::Model& model) {
  std::vector<size_t> order(model.schema.feature_count());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return importance_of(model, a) > importance_of(model, b);
  });
  return order;
}

/// "Gemm x 3, Relu x 2"
std::string operators_of(const model::GraphParameters& graph) {
  std::string text;
  for (const auto& [name, count] : graph.operators) {
    text += text.empty() ? "" : ", ";
    text += count == 1 ? shown(name) : fmt::format("{} x {}", shown(name), count);
  }
  return text;
}

std::string graph_of(const model::GraphParameters& graph) {
  std::string text = fmt::format("format      ONNX, IR version {}", graph.ir_version);
  for (const auto& [domain, version] : graph.opsets) {
    text += fmt::format(", {} {}", shown(domain), version);
  }
  text += '\n';
  for (const std::string& input : graph.inputs) {
    text += fmt::format("takes       {}\n", shown(input));
  }
  for (const std::string& output : graph.outputs) {
    text += fmt::format("gives       {}\n", shown(output));
  }
  return text + fmt::format("operators   {}\n", operators_of(graph));
}

std::string features_of(const model::Model& model) {
  const Parts parts = parts_of(model);
  const std::string_view what =
      parts.trees != nullptr   ? "gain"
      : parts.graph != nullptr ? "splits"
      : std::holds_alternative<model::BoostedLinearParameters>(model.parameters)
          ? "absolute weights"
          : "scaled weights";
  std::string text = fmt::format("\nfeature importance (share of the {})\n", what);
  const std::vector<size_t> order = by_importance(model);
  for (size_t i = 0; i < std::min(order.size(), kFeaturesShown); ++i) {
    text += fmt::format("  {:<32} {:6.3f}\n", shown(model.schema.feature_names[order[i]]),
                        importance_of(model, order[i]));
  }
  if (order.size() > kFeaturesShown) {
    text += fmt::format("  ... and {} more\n", order.size() - kFeaturesShown);
  }
  return text;
}

}  // namespace

std::string describe_model(const model::Model& model, const std::vector<ModelFile>& files) {
  const model::Provenance& origin = model.provenance;
  const Parts parts = parts_of(model);
  const ModelFile& file = files.front();
  std::string text = fmt::format("kind        {}\n", model::kind(model)) +
                     fmt::format("objective   {}{}\n", data::name(model.output.task),
                                 objective_text(model, parts, file)) +
                     fmt::format("inputs      {}: {}\n", model.schema.feature_count(),
                                 listed(model.schema.feature_names));
  if (!model.output.class_names.empty()) {
    text += fmt::format("classes     {}: {}\n", model.output.class_names.size(),
                        listed(model.output.class_names));
  }
  if (model.output.task == data::Task::kBinary) {
    text += fmt::format("threshold   {}{}\n", model.output.threshold,
                        model.output.margin ? ", of margins" : "");
  }
  if (!model.output.value_names.empty()) {
    text += fmt::format("outputs     {}: {}\n", model.output.value_names.size(),
                        listed(model.output.value_names));
  }
  if (parts.trees != nullptr) {
    text += fmt::format("rounds      {}\n", rounds_of(*parts.trees));
  }
  if (parts.graph != nullptr) {
    text += graph_of(*parts.graph);
  }
  text += fmt::format("size        {} bytes, {}\n", bytes_of(files), size_of(parts, file));
  if (parts.average != nullptr) {
    text += members_of(*parts.average, files);
  } else if (!file.plan.empty()) {
    text += fmt::format("scored by   {}\n", file.plan);
  }
  text += training_of(origin);
  if (!origin.data_fingerprint.empty()) {
    text += fmt::format("data        {}\n", shown(origin.data_fingerprint));
  }
  for (const auto& [name, value] : origin.hyperparameters) {
    text += fmt::format("setting     {} = {}\n", shown(name), shown(value));
  }
  for (const auto& [name, value] : origin.metrics) {
    text += fmt::format("metric      {} = {:.6g}\n", shown(name), value);
  }
  text += "card        --card prints a SageMaker Model Card\n";
  return origin.importance.empty() ? text : text + features_of(model);
}

}  // namespace ringmaker::cli
