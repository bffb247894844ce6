#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Squared distances of a row to each of three known points.
std::string distances(const OnnxWriter& body, const OnnxAttributes& more = {}) {
  OnnxAttributes attributes{{"body", body.body()}, {"num_scan_inputs", int64_t{1}}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 2})
      .constant("points", floats({0, 0, 1, 1, 3, 4}, {3, 2}))
      .node("Scan", {"x", "points"}, {"last", "all"}, attributes)
      .node("Transpose", {"all"}, {"y"}, {{"perm", std::vector<int64_t>{1, 0}}})
      .output("y")
      .file({{"", 12}});
}

OnnxWriter distance_body() {
  return OnnxWriter()
      .input("row", kOnnxFloat, {-1, 2})
      .input("point", kOnnxFloat, {2})
      .node("Identity", {"row"}, {"next"})
      .node("Sub", {"row", "point"}, {"apart"})
      .node("ReduceSumSquare", {"apart"}, {"squared"},
            {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{0}}})
      .output("next")
      .output("squared");
}

TEST(Scan, RunsItsBodyForEachSlice) {
  EXPECT_THAT(outputs_of_file(distances(distance_body()), {0, 0, 3, 4}),
              ElementsAre(0, 2, 25, 25, 13, 0));
}

TEST(Scan, AStateIsHandedOn) {
  const OnnxWriter body = OnnxWriter()
                              .input("sum", kOnnxFloat, {-1, 2})
                              .input("point", kOnnxFloat, {2})
                              .node("Add", {"sum", "point"}, {"next"})
                              .node("ReduceMax", {"sum"}, {"seen"},
                                    {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{0}}})
                              .output("next")
                              .output("seen");
  EXPECT_THAT(outputs_of_file(distances(body), {1, 2}), ElementsAre(2, 2, 3));
}

TEST(Scan, BodiesThatDoNotFitAreRefused) {
  OnnxWriter lacking;
  lacking.input("row", kOnnxFloat, {-1, 2}).output("row");
  EXPECT_THAT(error_of(distances(lacking)), HasSubstr("its body has 1 inputs and 1 outputs"));
  OnnxWriter unknown = distance_body();
  unknown.node("Loop", {"row"}, {"z"}).node("Identity", {"z"}, {"read"});
  EXPECT_THAT(error_of(distances(unknown)),
              HasSubstr("(Scan): node of \"z\" (Loop): the operator is not known"));
  OnnxWriter growing;
  growing.input("row", kOnnxFloat, {-1, 2})
      .input("point", kOnnxFloat, {2})
      .node("Concat", {"row", "row"}, {"next"}, {{"axis", int64_t{1}}})
      .node("Identity", {"row"}, {"seen"})
      .output("next")
      .output("seen");
  EXPECT_THAT(error_of(distances(growing)), HasSubstr("a state of [N, 2] becomes [N, 4]"));
  EXPECT_THAT(
      error_of(distances(distance_body(), {{"scan_input_directions", std::vector<int64_t>{1}}})),
      HasSubstr("attribute \"scan_input_directions\" is not 0"));
}

}  // namespace
}  // namespace ringmaker::model
