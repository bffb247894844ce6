#include "model/graph/dense_step.h"

#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

/// x * [[1, -1], [2, 0.5]], what `more` makes of it, and an output "y".
std::string layer(const std::function<void(OnnxWriter&)>& more) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 2}).constant("w", floats({1, -1, 2, 0.5F}, {2, 2}));
  graph.constant("b", floats({10, -20})).node("MatMul", {"x", "w"}, {"product"});
  more(graph);
  return graph.output("y").file();
}

size_t steps_of(const std::string& file) {
  const auto read = read_onnx(bytes_of_text(file));
  EXPECT_TRUE(read);
  const auto built = build_program(*read, base::InstructionSet::kPortable);
  EXPECT_TRUE(built) << built.error().message();
  return built->program.steps() - 1;  // but the input's
}

const std::vector<float> kRows{1, 1, -4, 8};  // products {3, -0.5} and {12, 8}

TEST(DenseStep, BiasAndActivationJoinTheProduct) {
  const std::string file = layer([](OnnxWriter& graph) {
    graph.node("Add", {"product", "b"}, {"sum"}).node("Relu", {"sum"}, {"y"});
  });
  EXPECT_EQ(steps_of(file), 1U);
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{13, 0, 22, 0}));
}

TEST(DenseStep, TheBiasMayComeFirst) {
  const std::string file =
      layer([](OnnxWriter& graph) { graph.node("Add", {"b", "product"}, {"y"}); });
  EXPECT_EQ(steps_of(file), 1U);
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{13, -20.5F, 22, -12}));
}

TEST(DenseStep, AProductThatOthersReadStaysAsItIs) {
  const std::string file = layer([](OnnxWriter& graph) {
    graph.node("Relu", {"product"}, {"active"}).node("Add", {"active", "product"}, {"y"});
  });
  EXPECT_EQ(steps_of(file), 3U);
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{6, -0.5F, 24, 16}));
}

TEST(DenseStep, AProductThatIsAnOutputStaysAsItIs) {
  const std::string file =
      layer([](OnnxWriter& graph) { graph.node("Relu", {"product"}, {"y"}).output("product"); });
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{3, -0.5F, 3, 0, 12, 8, 12, 8}));
}

TEST(DenseStep, AnotherNameOfAProductIsNotJoined) {
  const std::string file = layer([](OnnxWriter& graph) {
    graph.node("Identity", {"product"}, {"same"})
        .node("Relu", {"same"}, {"active"})
        .node("Sub", {"active", "product"}, {"y"});
  });
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{0, 0.5F, 0, 0}));
}

TEST(DenseStep, OneActivationJoinsAndNothingAfterIt) {
  const std::string file = layer([](OnnxWriter& graph) {
    graph.node("Relu", {"product"}, {"active"})
        .node("Add", {"active", "b"}, {"sum"})
        .node("Relu", {"sum"}, {"y"});
  });
  EXPECT_EQ(outputs_of_file(file, kRows), (std::vector<float>{13, 0, 22, 0}));
  EXPECT_EQ(steps_of(file), 3U);
}

/// A second sum, and one with a value a row, are sums of their own.
TEST(DenseStep, OnlyOneValueAColumnIsABias) {
  const std::string twice = layer([](OnnxWriter& graph) {
    graph.node("Add", {"product", "b"}, {"sum"}).node("Add", {"sum", "b"}, {"y"});
  });
  EXPECT_EQ(outputs_of_file(twice, kRows), (std::vector<float>{23, -40.5F, 32, -32}));
  const std::string scalar = layer([](OnnxWriter& graph) {
    graph.constant("one", floats({1})).node("Add", {"product", "one"}, {"y"});
  });
  EXPECT_EQ(outputs_of_file(scalar, kRows), (std::vector<float>{4, 0.5F, 13, 9}));
  const std::string row =
      layer([](OnnxWriter& graph) { graph.node("Add", {"product", "x"}, {"y"}); });
  EXPECT_EQ(outputs_of_file(row, kRows), (std::vector<float>{4, 0.5F, 8, 16}));
}

TEST(DenseStep, ActivationsOfALayerAreThoseOfTheOperators) {
  for (const std::string op : {"Tanh", "Sigmoid", "Relu"}) {
    const std::string joined =
        layer([&](OnnxWriter& graph) { graph.node(op, {"product"}, {"y"}); });
    const std::vector<float> products{3, -0.5F, 12, 8};
    EXPECT_EQ(outputs_of_file(joined, kRows), answers_of(op, products, 2)) << op;
  }
}

}  // namespace
}  // namespace ringmaker::model
