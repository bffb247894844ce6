#include "model/average/average_model.h"

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

}  // namespace

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
