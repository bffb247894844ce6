#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

const OnnxAttributes kColumns{{"axes", std::vector<int64_t>{1}}};

TEST(Reduction, MakesOneValueARow) {
  const std::vector<float> rows{1, 2, 3, -4};
  const auto reduced = [&](const std::string& op) { return answers_of(op, rows, 2, kColumns); };
  EXPECT_THAT(answers_of("ReduceSum", rows, 2, {}, {integers({1})}), ElementsAre(3, -1));
  EXPECT_THAT(reduced("ReduceMean"), ElementsAre(1.5, -0.5));
  EXPECT_THAT(reduced("ReduceMax"), ElementsAre(2, 3));
  EXPECT_THAT(reduced("ReduceMin"), ElementsAre(1, -4));
  EXPECT_THAT(reduced("ReduceProd"), ElementsAre(2, -12));
  EXPECT_THAT(reduced("ReduceL1"), ElementsAre(3, 7));
  EXPECT_THAT(reduced("ReduceL2"), ElementsAre(FloatNear(2.236068F, 1e-6F), 5));
  EXPECT_THAT(reduced("ReduceSumSquare"), ElementsAre(5, 25));
  EXPECT_THAT(answers_of("ReduceLogSum", {1, 2}, 2, kColumns),
              ElementsAre(FloatNear(1.0986123F, 1e-6F)));
  EXPECT_THAT(answers_of("ReduceLogSumExp", {1000, 1000}, 2, kColumns),
              ElementsAre(FloatNear(1000.6931F, 1e-3F)));
}

TEST(Reduction, OfWhatIsNotANumberNoneIsLarger) {
  for (const char* op : {"ReduceMax", "ReduceMin"}) {
    for (const std::vector<float>& row :
         {std::vector<float>{NAN, 1, 2}, {1, NAN, 2}, {1, 2, NAN}}) {
      EXPECT_THAT(answers_of(op, row, 3, kColumns), ElementsAre(testing::IsNan())) << op;
    }
  }
}

TEST(Reduction, ReducedAxesMayLieBetweenOthers) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 4})
                               .constant("cube", integers({-1, 2, 2}))
                               .node("Reshape", {"x", "cube"}, {"c"})
                               .constant("axis", integers({1}))
                               .node("ReduceSum", {"c", "axis"}, {"y"}, {{"keepdims", int64_t{0}}})
                               .output("y")
                               .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2, 3, 4, 5, 6, 7, 8}), ElementsAre(4, 6, 12, 14));
}

TEST(Reduction, RowsAreNotMixed) {
  EXPECT_THAT(error_of(one_node("ReduceMean", 2, {{"axes", std::vector<int64_t>{0}}})),
              HasSubstr("(ReduceMean): it works along axis 0 of [N, 2], and so across rows"));
  EXPECT_THAT(error_of(one_node("ReduceMean", 2)), HasSubstr("across rows")) << "all axes";
  EXPECT_THAT(error_of(one_node("ReduceMean", 2, {{"axes", std::vector<int64_t>{2}}})),
              HasSubstr("axis 2 lies outside of 2 dimensions"));
}

TEST(Reduction, OfEqualValuesTheFirstIsTheBest) {
  const std::vector<float> rows{1, 3, 3, 0, -1, -1};
  const OnnxAttributes axis{{"axis", int64_t{1}}};
  EXPECT_THAT(answers_of("ArgMax", rows, 3, axis), ElementsAre(1, 0));
  EXPECT_THAT(answers_of("ArgMin", rows, 3, axis), ElementsAre(0, 1));
  EXPECT_THAT(
      answers_of("ArgMax", rows, 3, {{"axis", int64_t{1}}, {"select_last_index", int64_t{1}}}),
      ElementsAre(2, 0));
}

TEST(Reduction, TopKSortsTheLastAxis) {
  const auto file = [](int64_t largest, const std::vector<int64_t>& k) {
    return OnnxWriter()
        .input("x", kOnnxFloat, {-1, 4})
        .constant("k", integers(k))
        .node("TopK", {"x", "k"}, {"values", "places"}, {{"largest", largest}})
        .output("values")
        .output("places", kOnnxInt64)
        .file();
  };
  EXPECT_THAT(outputs_of_file(file(1, {2}), {1, NAN, 5, 5}), ElementsAre(5, 5, 2, 3));
  EXPECT_THAT(outputs_of_file(file(0, {2}), {4, 3, 5, 3}), ElementsAre(3, 3, 1, 3));
  EXPECT_THAT(error_of(file(1, {5})), HasSubstr("it takes 5 of 4 values"));
  EXPECT_THAT(error_of(file(1, {int64_t{1} << 62})),
              HasSubstr("it takes 4611686018427387904 of 4 values"));
  EXPECT_THAT(error_of(file(1, {-3})), HasSubstr("it takes -3 of 4 values"));
  EXPECT_THAT(error_of(file(1, {1, 2})), HasSubstr("its second input has 2 values, expected 1"));
}

TEST(Reduction, SoftmaxSharesOut) {
  EXPECT_THAT(answers_of("Softmax", {1000, 1000}, 2), ElementsAre(0.5, 0.5));
  EXPECT_THAT(answers_of("LogSoftmax", {0, 0}, 2),
              ElementsAre(FloatNear(-0.6931472F, 1e-6F), FloatNear(-0.6931472F, 1e-6F)));
}

TEST(Reduction, SoftmaxBeforeOpset13TakesAllAxesFromItsOwnOn) {
  const OnnxWriter graph = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 4})
                               .constant("cube", integers({-1, 2, 2}))
                               .node("Reshape", {"x", "cube"}, {"c"})
                               .node("Softmax", {"c"}, {"y"})
                               .output("y");
  EXPECT_THAT(outputs_of_file(graph.file({{"", 12}}), {0, 0, 0, 0}),
              ElementsAre(0.25, 0.25, 0.25, 0.25));
  EXPECT_THAT(outputs_of_file(graph.file({{"", 13}}), {0, 0, 0, 0}),
              ElementsAre(0.5, 0.5, 0.5, 0.5));
}

}  // namespace
}  // namespace ringmaker::model
