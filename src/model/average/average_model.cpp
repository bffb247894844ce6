#include "model/average/average_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace ringmaker::model {
namespace {

bool answers_with_classes(const Model& model) {
  const auto* trees = std::get_if<TreeParameters>(&model.parameters);
  const auto* linear = std::get_if<BoostedLinearParameters>(&model.parameters);
  const bool step = (trees != nullptr && trees->link == Link::kStep) ||
                    (linear != nullptr && linear->link == Link::kStep);
  return model.output.class_index || (step && model.output.score_columns() == 1);
}

/// What rows are compared as; of several models, what each of them says.
std::optional<Precision> precision_of(const Model& model) {
  if (std::holds_alternative<AverageParameters>(model.parameters)) {
    return std::nullopt;
  }
  const auto* trees = std::get_if<TreeParameters>(&model.parameters);
  return trees == nullptr ? Precision::kFloat32 : trees->ensemble.precision;
}

/// What is made of a margin, where that is known.
std::optional<Link> link_of(const Model& model) {
  return std::visit(
      [](const auto& parameters) -> std::optional<Link> {
        if constexpr (requires { parameters.link; }) {
          return parameters.link;
        } else {
          return std::nullopt;
        }
      },
      model.parameters);
}

template <class Fact>
bool differ(const std::optional<Fact>& a, const std::optional<Fact>& b) {
  return a && b && *a != *b;
}

std::optional<std::string> difference_of_features(const data::Schema& a, const data::Schema& b) {
  if (a.feature_count() != b.feature_count()) {
    return fmt::format("one has {} features, the other {}", a.feature_count(), b.feature_count());
  }
  const auto names = std::ranges::mismatch(a.feature_names, b.feature_names);
  if (names.in1 != a.feature_names.end()) {
    return fmt::format("feature {} is \"{}\" of one and \"{}\" of the other",
                       names.in1 - a.feature_names.begin(), *names.in1, *names.in2);
  }
  if (!a.text_features.empty() || !b.text_features.empty()) {
    return "their features are texts";
  }
  const auto categories = [](const data::Schema& schema, size_t feature) {
    return feature < schema.category_names.size() ? schema.category_names[feature]
                                                  : std::vector<std::string>();
  };
  for (size_t j = 0; j < a.feature_count(); ++j) {
    if (categories(a, j) != categories(b, j)) {
      return fmt::format("feature \"{}\" has other categories", a.feature_names[j]);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> difference_of(const Model& a, const Model& b) {
  if (auto difference = difference_of_features(a.schema, b.schema)) {
    return difference;
  }
  if (a.output.task != b.output.task || a.output.class_names != b.output.class_names ||
      a.output.class_index != b.output.class_index ||
      a.output.value_names != b.output.value_names) {
    return "their outputs are not the same";
  }
  if (a.output.margin != b.output.margin || differ(link_of(a), link_of(b))) {
    return "their scores mean different things, as their objectives do";
  }
  if (differ(precision_of(a), precision_of(b))) {
    return "one compares doubles, the other floats";
  }
  return std::nullopt;
}

base::Result<Model> average_of(std::vector<Model> members) {
  Model model;
  model.schema = members.front().schema;
  model.output = members.front().output;
  model.provenance = members.front().provenance;
  model.provenance.importance.clear();
  const bool vote = answers_with_classes(members.front());
  model.parameters = AverageParameters{.vote = vote, .members = std::move(members)};
  RM_TRY(validate(model));
  return model;
}

}  // namespace ringmaker::model
