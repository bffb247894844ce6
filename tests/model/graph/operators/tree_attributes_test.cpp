#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// x in {2, 5} ? 1 : (x >= 4 ? 2 : 3)
OnnxAttributes of_version_5() {
  return {{"tree_roots", std::vector<int64_t>{0}},
          {"nodes_featureids", std::vector<int64_t>{0, 0}},
          {"nodes_modes", integers({6, 2})},
          {"nodes_splits", floats({0, 4})},
          {"membership_values", floats({2, 5, NAN})},
          {"nodes_truenodeids", std::vector<int64_t>{0, 1}},
          {"nodes_trueleafs", std::vector<int64_t>{1, 1}},
          {"nodes_falsenodeids", std::vector<int64_t>{1, 2}},
          {"nodes_falseleafs", std::vector<int64_t>{0, 1}},
          {"leaf_targetids", std::vector<int64_t>{0, 0, 0}},
          {"leaf_weights", floats({1, 2, 3})}};
}

std::string version_5(const OnnxAttributes& attributes) {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 1})
      .node("ai.onnx.ml:TreeEnsemble", {"x"}, {"y"}, attributes)
      .output("y")
      .file({{"ai.onnx.ml", 5}});
}

TEST(TreeAttributes, Version5KnowsSetsOfNumbers) {
  EXPECT_THAT(outputs_of_file(version_5(of_version_5()), {2, 5, 4, 1, NAN}),
              ElementsAre(1, 1, 2, 3, 3));
}

TEST(TreeAttributes, Version5IsRefusedWhereItPointsNowhere) {
  const auto error = [](size_t attribute, const test::OnnxValue& value) {
    OnnxAttributes attributes = of_version_5();
    attributes[attribute].second = value;
    return error_of(version_5(attributes));
  };
  EXPECT_THAT(error(0, std::vector<int64_t>{7}), HasSubstr("\"tree_roots\": there is no node 7"));
  EXPECT_THAT(error(4, floats({2, 5})), HasSubstr("\"membership_values\" ends before the set"));
  EXPECT_THAT(error(5, std::vector<int64_t>{0, 9}),
              HasSubstr("\"nodes_truenodeids\", entry 1: there is no leaf 9"));
  EXPECT_THAT(error(7, std::vector<int64_t>{0, 2}), HasSubstr("reached a second time"));
  EXPECT_THAT(error(2, integers({6, 8})), HasSubstr("entry 1: 8 is not known"));
  OnnxAttributes transformed = of_version_5();
  transformed.emplace_back("post_transform", int64_t{1});
  EXPECT_THAT(error_of(version_5(transformed)),
              HasSubstr("standard and reference runtime differ in what that means"));
}

}  // namespace
}  // namespace ringmaker::model
