#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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

}  // namespace
}  // namespace ringmaker::model
