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

/// x of so many columns, the label that the largest of `chosen` has, and an output "y".
OnnxWriter labelled(int64_t columns) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, columns})
      .constant("one", floats({1}))
      .constant("minus_one", floats({-1}))
      .constant("axis", integers({1}));
  return graph;
}

OnnxWriter& with_label(OnnxWriter& graph, const std::string& chosen_from,
                       const OnnxAttributes& more = {}) {
  OnnxAttributes attributes{{"axis", int64_t{1}}, {"keepdims", int64_t{0}}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return graph.node("ArgMax", {chosen_from}, {"label"}, attributes).output("label", kOnnxInt64);
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

TEST(GraphAnswer, WhatKeepsTheOrderWithinARowIsScores) {
  using Step = std::pair<std::string, std::vector<std::string>>;
  for (const auto& [op, inputs] :
       {Step{"Softmax", {"x"}}, Step{"LogSoftmax", {"x"}}, Step{"Sigmoid", {"x"}},
        Step{"Exp", {"x"}}, Step{"Tanh", {"x"}}, Step{"Softplus", {"x"}}, Step{"LeakyRelu", {"x"}},
        Step{"Identity", {"x"}}, Step{"Add", {"x", "minus_one"}}, Step{"Add", {"one", "x"}},
        Step{"Add", {"x", "largest"}}, Step{"Sub", {"x", "largest"}}, Step{"Mul", {"two", "x"}},
        Step{"Div", {"x", "two"}}, Step{"Cast", {"x"}}}) {
    OnnxWriter graph = labelled(3);
    with_label(graph, "x")
        .constant("two", floats({2, 2, 2}))
        .node("ReduceMax", {"x"}, {"largest"}, {{"axes", std::vector<int64_t>{1}}})
        .node(op, inputs, {"y"},
              op == "Cast" ? OnnxAttributes{{"to", int64_t{kOnnxDouble}}} : OnnxAttributes{})
        .output("y", op == "Cast" ? kOnnxDouble : kOnnxFloat);
    EXPECT_FALSE(schema_of(graph).class_index) << op;
  }
  for (const char* norm : {"L1", "L2"}) {
    OnnxWriter graph = labelled(3);
    with_label(graph, "x")
        .node("ai.onnx.ml:Normalizer", {"x"}, {"y"}, {{"norm", std::string(norm)}})
        .output("y");
    EXPECT_FALSE(schema_of(graph).class_index) << norm;
  }
  // Counts as shares of their sum.
  OnnxWriter counts = labelled(3);
  counts.node("Abs", {"x"}, {"counts"})
      .node("ReduceSum", {"counts", "axis"}, {"sum"})
      .node("Div", {"counts", "sum"}, {"y"});
  with_label(counts, "counts").output("y");
  EXPECT_FALSE(schema_of(counts).class_index);
}

TEST(GraphAnswer, WhereTheOrderWithinARowIsNotKeptTheLabelIsTheAnswer) {
  using Step = std::pair<std::string, std::vector<std::string>>;
  for (const auto& [op, inputs] :
       {Step{"Neg", {"x"}}, Step{"Sub", {"one", "x"}}, Step{"Mul", {"x", "minus_one"}},
        Step{"Mul", {"x", "each"}}, Step{"Mul", {"x", "first"}}, Step{"Add", {"x", "each"}},
        Step{"Div", {"x", "sum"}}, Step{"Relu", {"x"}}, Step{"Round", {"x"}}, Step{"Abs", {"x"}},
        Step{"HardSigmoid", {"x"}}, Step{"Log", {"x"}}, Step{"Reciprocal", {"x"}},
        Step{"ai.onnx.ml:Normalizer", {"x"}}}) {
    OnnxWriter graph = labelled(3);
    with_label(graph, "x")
        .constant("each", floats({1, 2, 3}))
        .constant("index", integers({0}))
        .node("ai.onnx.ml:ArrayFeatureExtractor", {"x", "index"}, {"first"})
        .node("ReduceSum", {"x", "axis"}, {"sum"})
        .node(op, inputs, {"y"})
        .output("y");
    EXPECT_TRUE(schema_of(graph).class_index) << op << " of " << testing::PrintToString(inputs);
    EXPECT_EQ(score_of(graph, {-3, 1, -2}), 1) << op;
  }
  // Of equal values the last: who reads scores takes the first.
  OnnxWriter last = labelled(3);
  with_label(last, "x", {{"select_last_index", int64_t{1}}})
      .node("Identity", {"x"}, {"y"})
      .output("y");
  EXPECT_TRUE(schema_of(last).class_index);
  EXPECT_EQ(score_of(last, {2, 0, 2}), 2);
}

TEST(GraphAnswer, TwoSharesAreOneOnlyWhereNeitherIsNegative) {
  const auto normed = [](const std::string& before) {
    OnnxWriter graph = labelled(2);
    graph.node(before, {"x"}, {"z"})
        .node("ai.onnx.ml:Normalizer", {"z"}, {"y"}, {{"norm", std::string("L1")}});
    with_label(graph, "y").output("y");
    return graph;
  };
  EXPECT_EQ(schema_of(normed("Exp")).task, data::Task::kBinary);
  const OnnxWriter negative = normed("Identity");
  EXPECT_EQ(schema_of(negative).task, data::Task::kMulticlass);
  const auto predictor = compiled(negative.file());
  const std::vector<float> rows{-3, 1, -1, -3};
  std::vector<float> scores(4);
  (*predictor)->predict({rows.data(), 2, 2}, {scores.data(), 2, 2});
  EXPECT_EQ((*predictor)->output().predicted_class(scores.data()), 1U);
  EXPECT_EQ((*predictor)->output().predicted_class(scores.data() + 2), 0U);
}

TEST(GraphAnswer, OneOutputAClassIsThatOfItsColumn) {
  const auto split = [](const std::string& op) {
    OnnxWriter graph = labelled(3);
    graph.node("Softmax", {"x"}, {"p"}).constant("lengths", integers({1, 1, 1}));
    return with_label(graph, "p")
        .node("Split", {"p", "lengths"}, {"a", "b", "c"}, {{"axis", int64_t{1}}})
        .node(op, {"a"}, {"first"})
        .output("c")
        .output("first")
        .output("b");
  };
  const OnnxWriter kept = split("Identity");
  EXPECT_FALSE(schema_of(kept).class_index);
  const auto predictor = compiled(kept.file());
  const std::vector<float> row{3, 2, 1};
  std::vector<float> scores(3);
  (*predictor)->predict({row.data(), 1, 3}, {scores.data(), 1, 3});
  EXPECT_GT(scores[0], scores[1]) << "in the order of the classes";
  EXPECT_GT(scores[1], scores[2]);
  EXPECT_TRUE(schema_of(split("Exp")).class_index) << "one of them is stretched";
}

TEST(GraphAnswer, RawScoresAreKnownOfMarginsAlone) {
  EXPECT_FALSE(schema_of(linear({-1, 1}, "NONE")).raw_unknown);
  EXPECT_FALSE(schema_of(linear({1, 2, 3}, "NONE")).raw_unknown);
  EXPECT_TRUE(schema_of(linear({-1, 2}, "SOFTMAX")).raw_unknown);
  EXPECT_TRUE(schema_of(linear({1, 2, 3}, "LOGISTIC")).raw_unknown);
  EXPECT_TRUE(schema_of(embedded()).raw_unknown) << "of a label alone";
  const auto network = [](const std::string& last) {
    OnnxWriter graph = embedded();
    return graph.node(last, {"logits"}, {"y"}).output("y");
  };
  EXPECT_FALSE(schema_of(network("Identity")).raw_unknown) << "logits";
  EXPECT_TRUE(schema_of(network("Softmax")).raw_unknown);
  EXPECT_FALSE(
      schema_of(OnnxWriter().input("x", kOnnxFloat, {-1, 1}).node("Exp", {"x"}, {"y"}).output("y"))
          .raw_unknown)
      << "a number is its own raw score";
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
