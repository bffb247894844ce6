#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveFloatEq;

TEST(Rearrangement, TransposeTurnsTheAxesOfARow) {
  const std::string file =
      OnnxWriter()
          .input("x", kOnnxFloat, {-1, 6})
          .constant("cube", integers({-1, 2, 3}))
          .node("Reshape", {"x", "cube"}, {"c"})
          .node("Transpose", {"c"}, {"y"}, {{"perm", std::vector<int64_t>{0, 2, 1}}})
          .output("y")
          .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2, 3, 4, 5, 6}), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(error_of(one_node("Transpose", 2, {{"perm", std::vector<int64_t>{0, 0}}})),
              HasSubstr("is no order of 2 axes"));
  EXPECT_THAT(error_of(one_node("Transpose", 2)), HasSubstr("output \"y\" is [2, N]"));
}

TEST(Rearrangement, ColumnsAreJoinedAndTakenApart) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 3})
                               .constant("parts", integers({1, 2}))
                               .node("Split", {"x", "parts"}, {"a", "b"}, {{"axis", int64_t{1}}})
                               .node("Concat", {"b", "a"}, {"y"}, {{"axis", int64_t{-1}}})
                               .output("y")
                               .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2, 3, 4, 5, 6}), ElementsAre(2, 3, 1, 5, 6, 4));
  EXPECT_THAT(error_of(one_node("Concat", 2, {{"axis", int64_t{0}}}, {floats({1, 2}, {1, 2})})),
              HasSubstr("cannot be joined along axis 0"));
}

TEST(Rearrangement, SlicesAreThoseOfPython) {
  const auto sliced = [](int64_t start, int64_t end, int64_t step) {
    return answers_of("Slice", {0, 1, 2, 3, 4}, 5, {},
                      {integers({start}), integers({end}), integers({1}), integers({step})});
  };
  EXPECT_THAT(sliced(1, 3, 1), ElementsAre(1, 2));
  EXPECT_THAT(sliced(-2, 100, 1), ElementsAre(3, 4));
  EXPECT_THAT(sliced(0, 5, 2), ElementsAre(0, 2, 4));
  EXPECT_THAT(sliced(4, -100, -2), ElementsAre(4, 2, 0));
  EXPECT_THAT(error_of(one_node("Slice", 2, {},
                                {integers({1}), integers({2}), integers({0}), integers({1})})),
              HasSubstr("it cuts rows off"));
  EXPECT_THAT(error_of(one_node("Slice", 2, {},
                                {integers({0}), integers({1}), integers({1}), integers({0})})),
              HasSubstr("it has a step of 0"));
}

/// An embedding: a table, chosen from by an integer of the row.
std::string embedding() {
  return OnnxWriter()
      .input("id", kOnnxInt64, {-1, 1})
      .constant("table", floats({1, 2, 3, 4, 5, 6}, {3, 2}))
      .node("Gather", {"table", "id"}, {"y"})
      .output("y")
      .file();
}

TEST(Rearrangement, ARowThatAsksForWhatIsNotThereHasNoAnswer) {
  EXPECT_THAT(outputs_of_file(embedding(), {2, 0, -1}), ElementsAre(5, 6, 1, 2, 5, 6));
  EXPECT_THAT(outputs_of_file(embedding(), {0, 3, 1}),
              ElementsAre(1, 2, NanSensitiveFloatEq(NAN), NanSensitiveFloatEq(NAN), 3, 4));
  const auto predictor = compiled(embedding());
  ASSERT_TRUE(predictor);
  const std::vector<float> rows{3, 1, -4, NAN};
  std::vector<float> scores(8);
  (*predictor)->predict({rows.data(), 4, 1}, {scores.data(), 4, 2});
  EXPECT_TRUE(std::isnan(scores[0]));
  EXPECT_EQ(scores[2], 3);
  EXPECT_TRUE(std::isnan(scores[4]));
  EXPECT_TRUE(std::isnan(scores[6])) << "an integer that is missing";
}

TEST(Rearrangement, KnownIndicesAreCheckedBefore) {
  EXPECT_THAT(error_of(one_node("Gather", 2, {{"axis", int64_t{1}}}, {integers({2})})),
              HasSubstr("it chooses number 2 of 2"));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:ArrayFeatureExtractor", 2, {}, {integers({-1})})),
              HasSubstr("it chooses number -1 of 2"));
  EXPECT_THAT(
      answers_of("ai.onnx.ml:ArrayFeatureExtractor", {1, 2, 3, 4}, 2, {}, {integers({1, 1})}),
      ElementsAre(2, 2, 4, 4));
}

}  // namespace
}  // namespace ringmaker::model
