#include "cli/model_card.h"

#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

model::Model example() {
  model::Model model;
  model.schema.feature_names = {"a"};
  model.provenance.trained_by = "ringmaker";
  model.provenance.rows_trained = 12;
  model.provenance.metrics = {{"train:rmse", 0.5}, {"validation:rmse", 0.75}};
  model.provenance.hyperparameters = {{"wd", "0.1"}};
  model.parameters = model::LinearParameters{.weights = {1}, .bias = {0}, .fill = {0}};
  return model;
}

TEST(ModelCard, HoldsWhatIsKnownInTheFieldsOfTheSchema) {
  const std::string card = model_card(example());
  EXPECT_TRUE(wire::JsonValue::parse(card)) << card;
  for (const char* part : {R"("problem_type":"Regression")", R"("model_creator":"ringmaker")",
                           R"("condition":"squared_loss")", R"("training_observations":"12 rows")",
                           R"("training_metrics":[{"name":"train:rmse","value":0.5}])",
                           R"("hyper_parameters":[{"name":"wd","value":"0.1"}])",
                           R"("metric_data":[{"name":"validation:rmse","type":"number")"}) {
    EXPECT_THAT(card, HasSubstr(part));
  }
}

TEST(ModelCard, LeavesOutWhatIsNot) {
  model::Model bare = example();
  bare.provenance = {};
  const std::string card = model_card(bare);
  EXPECT_THAT(card, Not(HasSubstr("model_creator")));
  EXPECT_THAT(card, Not(HasSubstr("evaluation_details")));
  EXPECT_THAT(card, Not(HasSubstr("training_observations")));
  EXPECT_THAT(card, HasSubstr("objective_function"));
  bare.parameters = model::GraphParameters{};
  EXPECT_THAT(model_card(bare), Not(HasSubstr("objective_function")));
}

}  // namespace
}  // namespace ringmaker::cli
