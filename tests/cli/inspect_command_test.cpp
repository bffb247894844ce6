#include "cli/inspect_command.h"

#include <gtest/gtest.h>

namespace ringmaker::cli {
namespace {

model::Model example() {
  model::Model model;
  model.schema.feature_names = {"age", "income"};
  model.output = {.task = data::Task::kBinary, .class_names = {"no", "yes"}};
  model.provenance = {.trained_by = "ringmaker 0.1.0",
                      .trained_at = "2026-01-05T10:11:12Z",
                      .rows_trained = 120,
                      .data_fingerprint = "xxh3:0123456789abcdef",
                      .hyperparameters = {{"wd", "0.1"}},
                      .metrics = {{"train:logloss", 0.25}},
                      .example_row = {},
                      .importance = {0.25, 0.75}};
  model.parameters = model::LinearParameters{
      .link = model::Link::kLogistic, .weights = {1, 2}, .bias = {0}, .fill = {40, 1000}};
  return model;
}

TEST(InspectCommand, NamesOfAModelFileForgeNoLineAndMoveNoCursor) {
  model::Model model = example();
  model.schema.feature_names[0] = "\x1b[31mred";
  model.output.class_names[0] = "no\nmetric      train:auc = 1";
  const std::string text = describe_model(model, 1408);
  EXPECT_NE(text.find("inputs      2: \\x1b[31mred, income\n"), std::string::npos) << text;
  EXPECT_NE(text.find("classes     2: no\\nmetric      train:auc = 1, yes\n"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(InspectCommand, TellsAPersonWhatTheModelIs) {
  EXPECT_EQ(describe_model(example(), 1408),
            "kind        linear\n"
            "objective   binary, logistic link, logistic\n"
            "inputs      2: age, income\n"
            "classes     2: no, yes\n"
            "threshold   0.5\n"
            "size        1408 bytes, 2 weights\n"
            "trained     by ringmaker 0.1.0 at 2026-01-05T10:11:12Z on 120 rows\n"
            "data        xxh3:0123456789abcdef\n"
            "setting     wd = 0.1\n"
            "metric      train:logloss = 0.25\n"
            "card        --card prints a SageMaker Model Card\n"
            "\n"
            "feature importance (share of the scaled weights)\n"
            "  income                            0.750\n"
            "  age                               0.250\n");
}

TEST(InspectCommand, TellsAProgramTheSame) {
  const std::string json = describe_model_as_json(example(), 1408);
  for (const std::string_view part :
       {"\"kind\": \"linear\"", "\"bytes\": 1408", "\"name\": \"income\"", "\"importance\": 0.75",
        "\"classes\": [\"no\", \"yes\"]", "\"wd\": \"0.1\"", "\"objective\": \"logistic\"",
        "\"data_fingerprint\": \"xxh3:0123456789abcdef\"", "\"card\": {\"model_overview\"",
        "\"train:logloss\": 0.25"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
  }
}

TEST(InspectCommand, MarginsAreTold) {
  model::Model model = example();
  model.output.margin = true;
  model.output.threshold = -0.125F;
  EXPECT_NE(describe_model(model, 1408).find("threshold   -0.125, of margins\n"),
            std::string::npos);
  EXPECT_NE(describe_model_as_json(model, 1408).find("\"margin\": true"), std::string::npos);
}

TEST(InspectCommand, AMissingModelIsAnError) {
  EXPECT_FALSE(inspect_model("/nonexistent/model", Description::kText));
}

}  // namespace
}  // namespace ringmaker::cli
