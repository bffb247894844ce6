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

/// The answer of a graph whose label is where the larger of the two columns of "y" is.
data::OutputSchema chosen_of_two(OnnxWriter& graph) {
  return schema_of(with_label(graph, "y").output("y"));
}

/// Softmax, and softmax of the hyperbolic tangents: two opinions of one row.
OnnxWriter two_opinions() {
  OnnxWriter graph = labelled(2);
  graph.node("Softmax", {"x"}, {"a"}).node("Tanh", {"x"}, {"t"}).node("Softmax", {"t"}, {"b"});
  return graph;
}

OnnxWriter joined_with_one_less(const std::vector<std::string>& columns) {
  OnnxWriter graph = labelled(1);
  graph.node("Sigmoid", {"x"}, {"p"})
      .node("Sub", {"one", "p"}, {"q"})
      .node("Concat", columns, {"y"}, {{"axis", int64_t{1}}});
  return graph;
}

TEST(GraphAnswer, AColumnAndOneLessItAreOneScore) {
  OnnxWriter second = joined_with_one_less({"q", "p"});
  EXPECT_EQ(chosen_of_two(second).task, data::Task::kBinary);
  EXPECT_EQ(schema_of(second).threshold, 0.5F);
  EXPECT_FALSE(schema_of(second).margin);
  EXPECT_NEAR(score_of(second, {2}), 0.8808F, 1e-4F);
  OnnxWriter first = joined_with_one_less({"p", "q"});
  EXPECT_EQ(chosen_of_two(first).task, data::Task::kMulticlass) << "1 - p may be rounded up to p";
  OnnxWriter twice = joined_with_one_less({"p", "p"});
  EXPECT_EQ(chosen_of_two(twice).task, data::Task::kMulticlass);
  OnnxWriter three = joined_with_one_less({"p", "q", "p"});
  EXPECT_EQ(chosen_of_two(three).task, data::Task::kMulticlass);
}

TEST(GraphAnswer, AColumnAndAnotherNumberLessItAreTwoScores) {
  OnnxWriter graph = labelled(1);
  graph.constant("two", floats({2}))
      .node("Sigmoid", {"x"}, {"p"})
      .node("Sub", {"two", "p"}, {"q"})
      .node("Concat", {"q", "p"}, {"y"}, {{"axis", int64_t{1}}});
  EXPECT_EQ(chosen_of_two(graph).task, data::Task::kMulticlass);
}

TEST(GraphAnswer, ALabelOfNamedClassesIsChosenFromAColumnAndOneLessIt) {
  OnnxWriter graph = joined_with_one_less({"q", "p"});
  graph.constant("names", integers({0, 1}))
      .constant("flat", integers({-1}))
      .node("ArgMax", {"y"}, {"at"}, {{"axis", int64_t{1}}})
      .node("ai.onnx.ml:ArrayFeatureExtractor", {"names", "at"}, {"named"})
      .node("Reshape", {"named", "flat"}, {"label"})
      .output("label", kOnnxInt64)
      .output("y");
  EXPECT_EQ(schema_of(graph).task, data::Task::kBinary);
  EXPECT_NEAR(score_of(graph, {-2}), 0.1192F, 1e-4F);
}

TEST(GraphAnswer, TwoSharesOfTheirSumAreOneScore) {
  const auto divided = [](const std::string& counts, const std::string& sum_of) {
    OnnxWriter graph = labelled(2);
    graph.node("Exp", {"x"}, {"e"})
        .node("Sigmoid", {"x"}, {"s"})
        .node("ReduceSum", {sum_of, "axis"}, {"sum"})
        .node("Div", {counts, "sum"}, {"y"});
    return graph;
  };
  OnnxWriter shares = divided("e", "e");
  EXPECT_EQ(chosen_of_two(shares).task, data::Task::kBinary);
  EXPECT_NEAR(score_of(shares, {0, 2}), 0.8808F, 1e-4F);
  OnnxWriter of_another_sum = divided("e", "s");
  EXPECT_EQ(chosen_of_two(of_another_sum).task, data::Task::kMulticlass);
  OnnxWriter maybe_negative = divided("x", "x");
  EXPECT_EQ(chosen_of_two(maybe_negative).task, data::Task::kMulticlass);
}

TEST(GraphAnswer, SharesOfCountsAreOneScore) {
  // As nearest neighbours vote: how many have each class, of all.
  OnnxWriter graph = labelled(3);
  graph.constant("zero", floats({0}));
  for (const std::string op : {"Less", "Greater"}) {
    graph.node(op, {"x", "zero"}, {op + " is"})
        .node("Cast", {op + " is"}, {op + " as number"}, {{"to", int64_t{kOnnxFloat}}})
        .node("ReduceSum", {op + " as number", "axis"}, {op + " count"});
  }
  graph.node("Concat", {"Less count", "Greater count"}, {"counts"}, {{"axis", int64_t{1}}})
      .node("ReduceSum", {"counts", "axis"}, {"all"})
      .node("Div", {"counts", "all"}, {"y"})
      .output("y");
  with_label(graph, "counts");
  EXPECT_EQ(schema_of(graph).task, data::Task::kBinary);
  EXPECT_NEAR(score_of(graph, {-1, 2, 3}), 2.0 / 3, 1e-6);
}

/// Rounded, both may lie above one half, where the first is the label and the second would be.
TEST(GraphAnswer, WhatAddsUpToOneButForRoundingIsTwoScores) {
  OnnxWriter mean = two_opinions();
  mean.node("Mean", {"a", "b"}, {"y"});
  EXPECT_EQ(chosen_of_two(mean).task, data::Task::kMulticlass);
  OnnxWriter weighted = two_opinions();
  weighted.constant("weight", floats({0.05F}))
      .node("Add", {"a", "b"}, {"sum"})
      .node("Mul", {"sum", "weight"}, {"y"});
  EXPECT_EQ(chosen_of_two(weighted).task, data::Task::kMulticlass);
  OnnxWriter exponentials = labelled(2);
  exponentials
      .node("ReduceLogSumExp", {"x"}, {"sum"},
            {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}})
      .node("Sub", {"x", "sum"}, {"d"})
      .node("Exp", {"d"}, {"y"});
  EXPECT_EQ(chosen_of_two(exponentials).task, data::Task::kMulticlass);
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
