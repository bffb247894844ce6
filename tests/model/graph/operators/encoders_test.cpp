#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveFloatEq;

std::string of_input(int32_t type, const std::string& op, const OnnxAttributes& attributes,
                     int64_t ml = 2) {
  return OnnxWriter()
      .input("x", type, {-1, 1})
      .node(op, {"x"}, {"y"}, attributes)
      .output("y")
      .file({{"", 13}, {"ai.onnx.ml", ml}});
}

TEST(Encoders, OneColumnACategory) {
  const OnnxAttributes attributes{{"cats_int64s", std::vector<int64_t>{3, -2, 3}}};
  const std::string file = of_input(kOnnxInt64, "ai.onnx.ml:OneHotEncoder", attributes);
  EXPECT_THAT(outputs_of_file(file, {3, -2, 5}), ElementsAre(1, 0, 0, 0, 1, 0, 0, 0, 0));
}

TEST(Encoders, ARowWithAnUnknownCategoryHasNoAnswerWhereThatIsAnError) {
  const OnnxAttributes attributes{{"cats_int64s", std::vector<int64_t>{3}}, {"zeros", int64_t{0}}};
  const std::string file = of_input(kOnnxInt64, "ai.onnx.ml:OneHotEncoder", attributes);
  EXPECT_THAT(outputs_of_file(file, {3, 4}), ElementsAre(1, NanSensitiveFloatEq(NAN)));
}

TEST(Encoders, IntegersBeyondFloat32AreToldApart) {
  constexpr int64_t kLarge = 1'000'000'000'000;
  const std::string file = of_input(kOnnxInt64, "ai.onnx.ml:LabelEncoder",
                                    {{"keys_int64s", std::vector<int64_t>{kLarge, kLarge + 1, 5}},
                                     {"values_int64s", std::vector<int64_t>{1, 2, 3}},
                                     {"default_int64", int64_t{0}}});
  const auto predictor = compiled(file);
  ASSERT_TRUE(predictor) << predictor.error().message();
  const data::Narrowing& narrowing = (*predictor)->schema().narrowing;
  std::vector<float> rows;
  for (const double value : {1e12 - 1, 1e12, 1e12 + 1, 1e12 + 2, 5.0}) {
    rows.push_back(narrowing.narrow(0, value));
  }
  EXPECT_THAT(outputs_of_file(file, rows), ElementsAre(0, 1, 2, 0, 3));
}

TEST(Encoders, LabelsOfAllKinds) {
  const auto of_floats = [](int64_t ml) {
    const std::string file = of_input(kOnnxFloat, "ai.onnx.ml:LabelEncoder",
                                      {{"keys_floats", std::vector<float>{0.5, NAN, 0}},
                                       {"values_int64s", std::vector<int64_t>{10, 20, 30}}},
                                      ml);
    return outputs_of_file(file, {0.5, NAN, -0.0F, 9});
  };
  EXPECT_THAT(of_floats(4), ElementsAre(10, 20, 30, -1));
  EXPECT_THAT(of_floats(2), ElementsAre(10, -1, 30, -1)) << "NaN is found from version 4 on";
  const std::string tensors =
      of_input(kOnnxInt64, "ai.onnx.ml:LabelEncoder",
               {{"keys_tensor", integers({1, 2})},
                {"values_tensor", OnnxTensor{.dims = {2}, .values = std::vector<double>{0.5, 1.5}}},
                {"default_tensor", OnnxTensor{.dims = {1}, .values = std::vector<double>{9}}}},
               4);
  EXPECT_THAT(outputs_of_file(tensors, {2, 3}), ElementsAre(1.5, 9));
  // Version 1: texts to their places.
  const std::string old = of_input(kOnnxString, "ai.onnx.ml:LabelEncoder",
                                   {{"classes_strings", std::vector<std::string>{"b", "a"}}}, 1);
  EXPECT_THAT(outputs_of_file(old, {2, 1, -1}), ElementsAre(1, 0, -1));
}

TEST(Encoders, CategoriesAreMappedBothWays) {
  const OnnxAttributes attributes{{"cats_strings", std::vector<std::string>{"a", "b"}},
                                  {"cats_int64s", std::vector<int64_t>{5, 6}},
                                  {"default_int64", int64_t{-7}}};
  const std::string file = of_input(kOnnxString, "ai.onnx.ml:CategoryMapper", attributes);
  EXPECT_THAT(outputs_of_file(file, {1, 2, -1, 0}), ElementsAre(5, 6, -7, -7));
}

TEST(Encoders, KeysOfAnotherTypeOrNumberAreRefused) {
  EXPECT_THAT(error_of(of_input(kOnnxFloat, "ai.onnx.ml:LabelEncoder",
                                {{"keys_int64s", std::vector<int64_t>{1}},
                                 {"values_int64s", std::vector<int64_t>{1}}})),
              HasSubstr("its input holds float, its keys int64"));
  EXPECT_THAT(error_of(of_input(kOnnxInt64, "ai.onnx.ml:LabelEncoder",
                                {{"keys_int64s", std::vector<int64_t>{1, 2}},
                                 {"values_int64s", std::vector<int64_t>{1}}})),
              HasSubstr("it has 2 keys and 1 values"));
  EXPECT_THAT(error_of(of_input(kOnnxInt64, "ai.onnx.ml:LabelEncoder", {})),
              HasSubstr("attributes \"keys_strings\""));
  EXPECT_THAT(error_of(of_input(kOnnxString, "ai.onnx.ml:OneHotEncoder",
                                {{"cats_int64s", std::vector<int64_t>{1}}})),
              HasSubstr("it has no categories for an input of string"));
}

}  // namespace
}  // namespace ringmaker::model
