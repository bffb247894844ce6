#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Preprocessing, ScalerShiftsAndStretches) {
  EXPECT_THAT(answers_of("ai.onnx.ml:Scaler", {1, 2}, 2,
                         {{"offset", std::vector<float>{1, 0}}, {"scale", std::vector<float>{3}}}),
              ElementsAre(0, 6));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:Scaler", 3, {{"offset", std::vector<float>{1, 0}}})),
              HasSubstr("attribute \"offset\" has 2 values, its input 3 columns"));
}

TEST(Preprocessing, NormsAreOfOneRow) {
  const auto normed = [](const std::string& norm, const std::vector<float>& rows) {
    return answers_of("ai.onnx.ml:Normalizer", rows, 2, {{"norm", norm}});
  };
  EXPECT_THAT(normed("L1", {1, -3, 0, 0}), ElementsAre(0.25, -0.75, 0, 0));
  EXPECT_THAT(normed("L2", {3, 4}), ElementsAre(0.6F, 0.8F));
  EXPECT_THAT(normed("MAX", {-4, -2}), ElementsAre(2, 1)) << "the largest, with its sign";
  EXPECT_THAT(normed("MAX", {NAN, 2}), ElementsAre(testing::IsNan(), 1));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:Normalizer", 2, {{"norm", std::string("L3")}})),
              HasSubstr("attribute \"norm\" is \"L3\""));
}

TEST(Preprocessing, ImputerReplacesOneValueOrNan) {
  EXPECT_THAT(answers_of("ai.onnx.ml:Imputer", {NAN, 2}, 2,
                         {{"imputed_value_floats", std::vector<float>{7, 8}},
                          {"replaced_value_float", NAN}}),
              ElementsAre(7, 2));
  EXPECT_THAT(
      answers_of("ai.onnx.ml:Imputer", {1, 2}, 2,
                 {{"imputed_value_floats", std::vector<float>{9}}, {"replaced_value_float", 2.0F}}),
      ElementsAre(1, 9));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:Imputer", 2)),
              HasSubstr("attribute \"imputed_value_floats\" is missing"));
}

TEST(Preprocessing, BinarizerIsStrict) {
  EXPECT_THAT(answers_of("ai.onnx.ml:Binarizer", {1, 1.5, NAN}, 3, {{"threshold", 1.0F}}),
              ElementsAre(0, 1, 0));
}

TEST(Preprocessing, FeatureVectorizerJoinsColumns) {
  const auto file = [](std::vector<int64_t> dimensions) {
    return OnnxWriter()
        .input("a", kOnnxFloat, {-1, 2})
        .input("b", kOnnxInt64, {-1, 1})
        .node("ai.onnx.ml:FeatureVectorizer", {"a", "b"}, {"y"},
              {{"inputdimensions", std::move(dimensions)}})
        .output("y")
        .file();
  };
  EXPECT_THAT(outputs_of_file(file({2, 1}), {1, 2, 3, 4, 5, 6}), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(error_of(file({2})), HasSubstr("has 1 values, it has 2 inputs"));
}

TEST(Preprocessing, ZipMapHasAKeyAColumn) {
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:ZipMap", 3,
                                {{"classlabels_int64s", std::vector<int64_t>{1, 2}}})),
              HasSubstr("its input is [N, 3], it has 2 keys"));
}

}  // namespace
}  // namespace ringmaker::model
