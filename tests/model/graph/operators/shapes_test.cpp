#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// y = x + c, with x under another shape in between.
std::string through(const std::string& op, const OnnxAttributes& attributes,
                    const std::vector<int64_t>& shape, const OnnxTensor& added) {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 4})
      .constant("shape", integers(shape))
      .node(op, {"x", "shape"}, {"r"}, attributes)
      .constant("added", added)
      .node("Add", {"r", "added"}, {"y"})
      .output("y")
      .file();
}

TEST(Shapes, ReshapeKeepsRowsApart) {
  EXPECT_THAT(
      outputs_of_file(through("Reshape", {}, {-1, 2, 2}, floats({10, 20}, {2, 1})), {1, 2, 3, 4}),
      ElementsAre(11, 12, 23, 24));
  EXPECT_THAT(outputs_of_file(through("Reshape", {}, {0, -1, 2}, floats({1})), {1, 2, 3, 4}),
              ElementsAre(2, 3, 4, 5));
  // What was exported for one row is for any number of them.
  EXPECT_THAT(outputs_of_file(through("Reshape", {}, {1, 4}, floats({1})), {1, 2, 3, 4}),
              ElementsAre(2, 3, 4, 5));
}

TEST(Shapes, ReshapesThatMixRowsOrDoNotFitAreRefused) {
  const auto error = [](const std::vector<int64_t>& shape) {
    return error_of(through("Reshape", {}, shape, floats({1})));
  };
  EXPECT_THAT(error({4, -1}), HasSubstr("rows would be mixed"));
  EXPECT_THAT(error({-1, 3}), HasSubstr("[N, 4] cannot be read as"));
  EXPECT_THAT(error({-1, -1}), HasSubstr("leaves two dimensions open"));
  EXPECT_THAT(error({2, 2}), HasSubstr("for any number of rows"));
  EXPECT_THAT(error({-1, int64_t{1} << 40}), HasSubstr("it is asked for a length of"));
  EXPECT_THAT(error({-1, -7}), HasSubstr("a length of -7"));
  EXPECT_THAT(error({0, 0, 0, -1}), HasSubstr("it copies dimension 2 of [N, 4]"));
}

TEST(Shapes, AxesOfOneComeAndGo) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 2})
                               .constant("one", integers({1}))
                               .node("Unsqueeze", {"x", "one"}, {"u"})
                               .node("Squeeze", {"u", "one"}, {"s"})
                               .node("Flatten", {"s"}, {"y"})
                               .output("y")
                               .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2, 3, 4}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(error_of(one_node("Squeeze", 2, {}, {integers({1})})),
              HasSubstr("axis 1 of [N, 2] is not 1 long"));
  EXPECT_THAT(error_of(one_node("Squeeze", 2, {}, {integers({0})})), HasSubstr("axis 0"));
}

TEST(Shapes, OnesOfAsManyRowsAsThereAre) {
  const std::string file =
      OnnxWriter()
          .input("x", kOnnxFloat, {-1, 1})
          .node("Shape", {"x"}, {"shape"})
          .node("ConstantOfShape", {"shape"}, {"ones"}, {{"value", floats({7}, {1})}})
          .node("Concat", {"ones", "x"}, {"y"}, {{"axis", int64_t{1}}})
          .output("y")
          .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2}), ElementsAre(7, 1, 7, 2));
}

TEST(Shapes, TheNumberOfRowsMayBeReshapedByButNotComputedWith) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 4})
      .node("Shape", {"x"}, {"shape"})
      .constant("first", integers({0}))
      .node("Gather", {"shape", "first"}, {"rows"})
      .constant("two", integers({2}))
      .node("Concat", {"rows", "two", "two"}, {"cube"}, {{"axis", int64_t{0}}})
      .node("Reshape", {"x", "cube"}, {"y"})
      .output("y");
  EXPECT_THAT(outputs_of_file(graph.file(), {1, 2, 3, 4}), ElementsAre(1, 2, 3, 4));
  graph.node("Add", {"rows", "two"}, {"more"});
  EXPECT_THAT(error_of(graph.file()), HasSubstr("(Add): it computes with the number of rows"));
}

TEST(Shapes, ConstantsMayBeNodes) {
  const auto file = [](const OnnxAttributes& attributes) {
    return OnnxWriter()
        .input("x", kOnnxFloat, {-1, 1})
        .node("Constant", {}, {"c"}, attributes)
        .node("Add", {"x", "c"}, {"y"})
        .output("y")
        .file();
  };
  EXPECT_THAT(outputs_of_file(file({{"value_float", 2.0F}}), {1}), ElementsAre(3));
  EXPECT_THAT(outputs_of_file(file({{"value", floats({1, 2})}}), {1}), ElementsAre(2, 3));
  EXPECT_THAT(error_of(file({})), HasSubstr("it has no value that is read"));
}

}  // namespace
}  // namespace ringmaker::model
