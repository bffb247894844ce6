#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Broadcasting, AConstantIsStretchedOverRowsAndColumns) {
  const std::vector<float> rows{1, 2, 3, 4};
  EXPECT_THAT(answers_of("Add", rows, 2, {}, {floats({10, 20})}), ElementsAre(11, 22, 13, 24));
  EXPECT_THAT(answers_of("Sub", rows, 2, {}, {floats({1}, {})}), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(answers_of("Mul", rows, 2, {}, {floats({2, 3}, {1, 2})}), ElementsAre(2, 6, 6, 12));
  EXPECT_THAT(answers_of("Div", rows, 2, {}, {floats({2})}), ElementsAre(0.5, 1, 1.5, 2));
  EXPECT_THAT(answers_of("Pow", rows, 2, {}, {floats({2}, {})}), ElementsAre(1, 4, 9, 16));
  EXPECT_THAT(answers_of("Pow", rows, 2, {}, {integers({3})}), ElementsAre(1, 8, 27, 64));
  EXPECT_THAT(answers_of("Max", rows, 2, {}, {floats({2, 3})}), ElementsAre(2, 3, 3, 4));
  EXPECT_THAT(answers_of("Min", rows, 2, {}, {floats({2, 3})}), ElementsAre(1, 2, 2, 3));
  for (const char* op : {"Max", "Min"}) {
    EXPECT_THAT(answers_of(op, {NAN, 1}, 2, {}, {floats({2, NAN})}),
                ElementsAre(testing::IsNan(), testing::IsNan()))
        << op;
  }
  EXPECT_THAT(answers_of("Sum", rows, 2, {}, {floats({1}), floats({1, 0})}),
              ElementsAre(3, 3, 5, 5));
  EXPECT_THAT(answers_of("Mean", rows, 2, {}, {floats({3})}), ElementsAre(2, 2.5, 3, 3.5));
  EXPECT_THAT(answers_of("PRelu", {-1, 2}, 2, {}, {floats({0.5})}), ElementsAre(-0.5, 2));
}

TEST(Broadcasting, ValuesAreComparedInPairs) {
  const std::vector<float> rows{1, 2, NAN};
  EXPECT_THAT(answers_of("Equal", rows, 3, {}, {floats({2})}), ElementsAre(0, 1, 0));
  EXPECT_THAT(answers_of("Less", rows, 3, {}, {floats({2})}), ElementsAre(1, 0, 0));
  EXPECT_THAT(answers_of("LessOrEqual", rows, 3, {}, {floats({2})}), ElementsAre(1, 1, 0));
  EXPECT_THAT(answers_of("Greater", rows, 3, {}, {floats({1})}), ElementsAre(0, 1, 0));
  EXPECT_THAT(answers_of("GreaterOrEqual", rows, 3, {}, {floats({1})}), ElementsAre(1, 1, 0));
}

TEST(Broadcasting, WhereChoosesByTruth) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 2})
                               .constant("limit", floats({1}, {}))
                               .constant("low", floats({0}, {}))
                               .node("Greater", {"x", "limit"}, {"large"})
                               .node("Less", {"x", "low"}, {"small"})
                               .node("Or", {"large", "small"}, {"either"})
                               .node("Where", {"either", "x", "low"}, {"y"})
                               .output("y")
                               .file();
  EXPECT_THAT(outputs_of_file(file, {0.5F, 2, -3, 1}), ElementsAre(0, 2, -3, 0));
}

TEST(Broadcasting, ExpandRepeatsARowsValues) {
  EXPECT_THAT(answers_of("Expand", {1, 2}, 1, {}, {integers({1, 3})}),
              ElementsAre(1, 1, 1, 2, 2, 2));
  EXPECT_THAT(error_of(one_node("Expand", 2, {}, {integers({5, 2})})),
              HasSubstr("[N, 2] cannot be stretched to [5, 2]"));
}

TEST(Broadcasting, ShapesThatDoNotFitAreRefused) {
  EXPECT_THAT(error_of(one_node("Add", 3, {}, {floats({1, 2})})),
              HasSubstr("(Add): inputs of [N, 3] and [2] do not fit each other"));
  EXPECT_THAT(error_of(one_node("Add", 3, {}, {floats({1, 2}, {2, 1})})), HasSubstr("[2, 1]"))
      << "rows are any number, not two";
  EXPECT_THAT(error_of(one_node("Add", 1, {}, {integers({1})})),
              HasSubstr("its inputs are of the types float and int64"));
}

TEST(Broadcasting, IntegersDivideWithoutATrap) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxInt64, {-1, 1})
                               .constant("zero", integers({0, -1, 2}))
                               .node("Div", {"x", "zero"}, {"y"})
                               .output("y", kOnnxInt64)
                               .file();
  EXPECT_THAT(outputs_of_file(file, {7}), ElementsAre(0, -7, 3));
}

TEST(Broadcasting, ATextOfTheInputIsComparedWithOneThatIsKnown) {
  const std::string file =
      OnnxWriter()
          .input("s", kOnnxString, {-1, 1})
          .constant("yes", {.dims = {1}, .values = std::vector<std::string>{"yes"}})
          .node("Equal", {"s", "yes"}, {"same"})
          .node("Cast", {"same"}, {"y"}, {{"to", int64_t{1}}})
          .output("y")
          .file();
  EXPECT_THAT(outputs_of_file(file, {1, -1, 0}), ElementsAre(1, 0, 0));
}

}  // namespace
}  // namespace ringmaker::model
