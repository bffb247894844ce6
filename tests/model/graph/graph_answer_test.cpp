#include "model/graph/graph_answer.h"

#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::HasSubstr;

data::OutputSchema schema_of(const OnnxWriter& graph) {
  const auto model = import_onnx(bytes_of_text(graph.file()));
  EXPECT_TRUE(model) << model.error().message();
  return model ? model->output : data::OutputSchema();
}

OnnxWriter linear(std::vector<float> coefficients, const std::string& transform) {
  const size_t classes = coefficients.size();
  std::vector<int64_t> labels;
  for (size_t k = 0; k < classes; ++k) {
    labels.push_back(static_cast<int64_t>(k) + 10);
  }
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 1})
      .node("ai.onnx.ml:LinearClassifier", {"x"}, {"label", "scores"},
            {{"coefficients", coefficients},
             {"intercepts", std::vector<float>(classes, 0)},
             {"classlabels_ints", labels},
             {"post_transform", transform}})
      .output("label", kOnnxInt64)
      .output("scores");
}

TEST(GraphAnswer, TwoScoresThatTellEachOtherAreOne) {
  const data::OutputSchema margin = schema_of(linear({-1, 1}, "NONE"));
  EXPECT_EQ(margin.task, data::Task::kBinary);
  EXPECT_TRUE(margin.margin);
  EXPECT_EQ(margin.threshold, 0);
  const data::OutputSchema share = schema_of(linear({-1, 2}, "SOFTMAX"));
  EXPECT_EQ(share.task, data::Task::kBinary);
  EXPECT_FALSE(share.margin);
  // Each of these has a probability of its own: the label is where the larger one is.
  const data::OutputSchema own = schema_of(linear({-1, 2}, "LOGISTIC"));
  EXPECT_EQ(own.task, data::Task::kMulticlass);
  EXPECT_EQ(own.class_names, (std::vector<std::string>{"10", "11"}));
}

TEST(GraphAnswer, ScoresAreAColumnAClass) {
  const data::OutputSchema schema = schema_of(linear({1, 2, 3}, "SOFTMAX"));
  EXPECT_EQ(schema.task, data::Task::kMulticlass);
  EXPECT_EQ(schema.score_columns(), 3U);
  EXPECT_FALSE(schema.margin);
  EXPECT_TRUE(schema_of(linear({1, 2, 3}, "NONE")).margin);
}

TEST(GraphAnswer, ALabelAloneIsTheAnswer) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 3})
      .node("ArgMin", {"x"}, {"cluster"}, {{"axis", int64_t{1}}, {"keepdims", int64_t{0}}})
      .node("Sqrt", {"x"}, {"distances"})
      .output("cluster", kOnnxInt64)
      .output("distances");
  const data::OutputSchema schema = schema_of(graph);
  EXPECT_TRUE(schema.class_index) << "the least of the distances, not the greatest";
  const auto predictor = compiled(graph.file());
  const std::vector<float> row{4, 1, 9};
  float score = -1;
  (*predictor)->predict({row.data(), 1, 3}, {&score, 1, 1});
  EXPECT_EQ(score, 1);
}

TEST(GraphAnswer, TextsAloneAreNoAnswer) {
  OnnxWriter graph;
  graph.input("x", kOnnxInt64, {-1, 1})
      .node("ai.onnx.ml:LabelEncoder", {"x"}, {"name"},
            {{"keys_int64s", std::vector<int64_t>{1}},
             {"values_strings", std::vector<std::string>{"one"}}})
      .output("name", kOnnxString);
  EXPECT_THAT(error_of(graph.file()), HasSubstr("output \"name\" is text"));
}

/// x, an embedding of as many columns as there are classes, and a label that the logits have
/// chosen.
OnnxWriter embedded() {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 2})
      .constant("w", {{2, 2}, std::vector<float>{0, 1, 1, 0}})
      .node("Tanh", {"x"}, {"embedding"})
      .node("MatMul", {"x", "w"}, {"logits"})
      .node("ArgMax", {"logits"}, {"label"}, {{"axis", int64_t{1}}, {"keepdims", int64_t{0}}})
      .output("label", kOnnxInt64)
      .output("embedding");
  return graph;
}

float score_of(const OnnxWriter& graph, std::vector<float> row) {
  const auto predictor = compiled(graph.file());
  EXPECT_TRUE(predictor) << predictor.error().message();
  float score = -1;
  (*predictor)->predict({row.data(), 1, row.size()}, {&score, 1, 1});
  return score;
}

TEST(GraphAnswer, ScoresAreMadeOfWhatTheLabelWasChosenFrom) {
  OnnxWriter graph = embedded();
  graph.node("Softmax", {"logits"}, {"probabilities"}).output("probabilities");
  EXPECT_FALSE(schema_of(graph).class_index);
  EXPECT_NEAR(score_of(graph, {0, 2}), 0.1192F, 1e-4F) << "of class 1, with logits 2 and 0";
}

TEST(GraphAnswer, AnOutputOfAsManyColumnsIsNoScore) {
  EXPECT_TRUE(schema_of(embedded()).class_index) << "the label alone";
  EXPECT_EQ(score_of(embedded(), {3, 1}), 1);
}

TEST(GraphAnswer, WithoutALabelOutputsAreNumbers) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 2})
      .node("Relu", {"x"}, {"a"})
      .constant("one", integers({1}))
      .node("ReduceSum", {"x", "one"}, {"b"})
      .output("a")
      .output("b");
  const data::OutputSchema schema = schema_of(graph);
  EXPECT_EQ(schema.task, data::Task::kRegression);
  EXPECT_EQ(schema.value_names, (std::vector<std::string>{"a_0", "a_1", "b"}));
}

TEST(GraphAnswer, TextsThatOnlyPassThroughAreRefused) {
  OnnxWriter graph;
  graph.input("s", kOnnxString, {-1, 1}).node("Identity", {"s"}, {"y"}).output("y", kOnnxString);
  EXPECT_THAT(error_of(graph.file()),
              HasSubstr("output \"y\" passes on texts of the input, which is not read"));
}

TEST(GraphAnswer, AnOutputThatIsTheSameForAllRowsIsRefused) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 1}).constant("c", floats({1, 2})).output("c");
  EXPECT_THAT(error_of(graph.file()), HasSubstr("output \"c\" is [2], expected one value"));
}

}  // namespace
}  // namespace ringmaker::model
