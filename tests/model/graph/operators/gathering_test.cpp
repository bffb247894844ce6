#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveFloatEq;

/// An embedding: a table, chosen from by an integer of the row.
std::string embedding() {
  return OnnxWriter()
      .input("id", kOnnxInt64, {-1, 1})
      .constant("table", floats({1, 2, 3, 4, 5, 6}, {3, 2}))
      .node("Gather", {"table", "id"}, {"y"})
      .output("y")
      .file();
}

TEST(Gathering, ARowThatAsksForWhatIsNotThereHasNoAnswer) {
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

TEST(Gathering, KnownIndicesAreCheckedBefore) {
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
