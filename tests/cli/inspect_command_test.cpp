#include "cli/inspect_command.h"

#include "cli/model_document.h"
#include "cli/model_parts.h"
#include "cli/model_text.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/program.h"
#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

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
  const std::string text = describe_model(model, {{.bytes = 1408}});
  EXPECT_NE(text.find("inputs      2: \\x1b[31mred, income\n"), std::string::npos) << text;
  EXPECT_NE(text.find("classes     2: no\\nmetric      train:auc = 1, yes\n"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(InspectCommand, TellsAPersonWhatTheModelIs) {
  EXPECT_EQ(describe_model(example(), {{.bytes = 1408}}),
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
  const std::string json = describe_model_as_json(example(), {{.bytes = 1408}});
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
  EXPECT_NE(describe_model(model, {{.bytes = 1408}}).find("threshold   -0.125, of margins\n"),
            std::string::npos);
  EXPECT_NE(describe_model_as_json(model, {{.bytes = 1408}}).find("\"margin\": true"),
            std::string::npos);
}

TEST(InspectCommand, WhatNobodyKnowsIsLeftOut) {
  model::Model model = example();
  model.provenance = {};
  model.provenance.trained_by = "xgboost 1.7.4";
  EXPECT_THAT(describe_model(model, {{}}), HasSubstr("trained     by xgboost 1.7.4\n"));
  EXPECT_THAT(describe_model_as_json(model, {{}}), Not(HasSubstr("rows_trained")));
  EXPECT_THAT(describe_model_as_json(model, {{}}), Not(HasSubstr("\"importance\"")));
  model.provenance = {};
  EXPECT_THAT(describe_model(model, {{}}), Not(HasSubstr("trained")));
}

std::string golden(const std::string& name) {
  return std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/" + name;
}

TEST(InspectCommand, WeightsOfABoostedLinearModelAreItsImportance) {
  const std::string text =
      inspect_model(golden("xgboost/gblinear/model.json"), Description::kText).value();
  EXPECT_THAT(text, HasSubstr("feature importance (share of the absolute weights)\n"));
  EXPECT_THAT(text, Not(HasSubstr("rows")));
}

TEST(InspectCommand, OfModelsThatAnswerAsOneEachHasALine) {
  const test::TemporaryDirectory files;
  std::filesystem::copy_file(golden("xgboost/binary/model.json"), files.path("a.json"));
  std::filesystem::copy_file(golden("xgboost/binary/model.ubj"), files.path("b.ubj"));
  const std::string one =
      inspect_model(golden("xgboost/binary/model.json"), Description::kText).value();
  const std::string plan = one.substr(one.find("scored by   ") + 12);
  const std::string text = inspect_model(files.path(), Description::kText).value();
  EXPECT_THAT(text, HasSubstr("answer      the mean of 2 models\n"));
  EXPECT_THAT(text, HasSubstr("model       a.json: trees, logistic link, binary:logistic, "));
  EXPECT_THAT(text, HasSubstr("model       b.ubj: trees, logistic link, binary:logistic, "));
  EXPECT_THAT(text, HasSubstr(", scored by " + plan.substr(0, plan.find('\n') + 1)));
  const std::string json = inspect_model(files.path(), Description::kJson).value();
  EXPECT_THAT(json, HasSubstr("\"file\": \"b.ubj\""));
  EXPECT_THAT(json, HasSubstr("\"rounds_used\": "));
  EXPECT_TRUE(wire::JsonValue::parse(json)) << json;
}

/// One tree of one split.
TEST(InspectCommand, TreesOfAGraphAreTold) {
  const test::TemporaryDirectory files;
  files.write("model.onnx",
              test::OnnxWriter()
                  .input("x", test::kOnnxFloat, {-1, 2})
                  .node("ai.onnx.ml:TreeEnsembleRegressor", {"x"}, {"y"},
                        {{"nodes_treeids", std::vector<int64_t>{0, 0, 0}},
                         {"nodes_nodeids", std::vector<int64_t>{0, 1, 2}},
                         {"nodes_featureids", std::vector<int64_t>{1, 0, 0}},
                         {"nodes_modes", std::vector<std::string>{"BRANCH_LEQ", "LEAF", "LEAF"}},
                         {"nodes_values", std::vector<float>{1, 0, 0}},
                         {"nodes_truenodeids", std::vector<int64_t>{1, 0, 0}},
                         {"nodes_falsenodeids", std::vector<int64_t>{2, 0, 0}},
                         {"target_treeids", std::vector<int64_t>{0, 0}},
                         {"target_nodeids", std::vector<int64_t>{1, 2}},
                         {"target_ids", std::vector<int64_t>{0, 0}},
                         {"target_weights", std::vector<float>{1, 2}}})
                  .output("y")
                  .file());
  const std::string text = inspect_model(files.path("model.onnx"), Description::kText).value();
  EXPECT_THAT(text, HasSubstr("objective   regression, TreeEnsembleRegressor, NONE\n"));
  EXPECT_THAT(text, HasSubstr(" bytes, 1 operator, 1 tree, 1 node, 2 leaves\n"));
  EXPECT_THAT(text, HasSubstr("; trees: 1"));
  EXPECT_THAT(text, HasSubstr("feature importance (share of the splits)\n"
                              "  x_1                               1.000\n"));
  const std::string json = inspect_model(files.path("model.onnx"), Description::kJson).value();
  EXPECT_THAT(json, HasSubstr("\"trees\": 1,"));
  EXPECT_TRUE(wire::JsonValue::parse(json)) << json;
}

TEST(InspectCommand, AMissingModelIsAnError) {
  EXPECT_FALSE(inspect_model("/nonexistent/model", Description::kText));
}

}  // namespace
}  // namespace ringmaker::cli
