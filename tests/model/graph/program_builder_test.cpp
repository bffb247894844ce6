#include "model/graph/program_builder.h"

#include "model/graph/graph.h"
#include "model/graph/operator_context.h"
#include "model/graph/operator_table.h"
#include "model/graph/operators/ml_operators.h"
#include "model/graph/program.h"
#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

OnnxWriter& with_input(OnnxWriter& graph) { return graph.input("x", kOnnxFloat, {-1, 2}); }

TEST(ProgramBuilder, OperatorsThatAreNotKnownAreNamedWithTheirNode) {
  EXPECT_THAT(error_of(one_node("Einsum", 2)),
              HasSubstr("node of \"y\" (Einsum): the operator is not known to this build"));
  EXPECT_THAT(error_of(one_node("com.microsoft:FusedGemm", 2)),
              HasSubstr("(com.microsoft:FusedGemm): the operator is not known"));
}

TEST(ProgramBuilder, WhatNobodyReadsNeedNotBeKnown) {
  OnnxWriter graph;
  with_input(graph).node("Einsum", {"x"}, {"aside"}).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_THAT(outputs_of_file(graph.file(), {-1, 2}), ElementsAre(0, 2));
  graph.output("aside");
  EXPECT_THAT(error_of(graph.file()), HasSubstr("(Einsum): the operator is not known"));
}

TEST(ProgramBuilder, NamesMustBeMadeBeforeTheyAreRead) {
  OnnxWriter graph;
  with_input(graph).node("Relu", {"later"}, {"y"}).node("Relu", {"x"}, {"later"}).output("y");
  EXPECT_THAT(error_of(graph.file()),
              HasSubstr("(Relu): it reads \"later\", which nothing before it makes"));
  OnnxWriter circle;
  with_input(circle).node("Add", {"x", "y"}, {"y"}).output("y");
  EXPECT_THAT(error_of(circle.file()), HasSubstr("it reads \"y\", which nothing before it makes"));
  OnnxWriter twice;
  with_input(twice).node("Relu", {"x"}, {"y"}).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_THAT(error_of(twice.file()), HasSubstr("\"y\" is made a second time"));
  OnnxWriter absent;
  with_input(absent).node("Relu", {"x"}, {"y"}).output("z");
  EXPECT_THAT(error_of(absent.file()), HasSubstr("output \"z\" is made by no node"));
}

TEST(ProgramBuilder, InputsAreCounted) {
  EXPECT_THAT(error_of(one_node("Add", 2)), HasSubstr("(Add): input 1 is missing"));
  EXPECT_THAT(error_of(one_node("Relu", 2, {}, {floats({1})})),
              HasSubstr("it has 2 inputs, 1 at most are taken"));
  OnnxWriter hole;
  with_input(hole).node("Sum", {"x", "", "x"}, {"y"}).output("y");
  EXPECT_THAT(error_of(hole.file()), HasSubstr("(Sum): input 1 is missing"));
}

TEST(ProgramBuilder, OpsetsOfTheRangeThatIsReadAreNeeded) {
  OnnxWriter graph;
  with_input(graph).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_THAT(error_of(graph.file({{"", 24}})),
              HasSubstr("the model is of opset 24 of ai.onnx, 1 to 23 are read"));
  EXPECT_THAT(error_of(graph.file({{"", 0}})), HasSubstr("opset 0 of ai.onnx"));
  EXPECT_THAT(error_of(graph.file({{"ai.onnx.ml", 6}})), HasSubstr("opset 6 of ai.onnx.ml"));
  EXPECT_THAT(error_of(graph.file({{"ai.onnx.ml", 3}})),
              HasSubstr("the model imports no opset of ai.onnx"));
}

TEST(ProgramBuilder, InputsAreRowsOfKnownWidth) {
  const auto error = [](const std::vector<int64_t>& dims, int32_t type = kOnnxFloat) {
    OnnxWriter graph;
    graph.input("x", type, dims).node("Identity", {"x"}, {"y"}).output("y");
    return error_of(graph.file());
  };
  EXPECT_THAT(error({-1, -1}), HasSubstr("input \"x\" has an open dimension behind the first"));
  EXPECT_THAT(error({7, 2}), HasSubstr("input \"x\" takes exactly 7 rows"));
  EXPECT_THAT(error({}), HasSubstr("input \"x\" has no shape"));
  EXPECT_THAT(error({-1, 1 << 30}), HasSubstr("input \"x\" has more than 1048576 columns"));
  EXPECT_THAT(error({-1, 2}, 10), HasSubstr("\"x\" holds float16, which is not read"));
  EXPECT_EQ(error({1, 2}), "") << "exported for one row";
  EXPECT_EQ(error({-1}), "") << "a column without its dimension";
}

TEST(ProgramBuilder, WhatHasNoBoundsIsRefusedBeforeItIsMade) {
  OnnxWriter graph;
  with_input(graph)
      .constant("huge", integers({1 << 20, 1 << 20, 1 << 20}))
      .node("ConstantOfShape", {"huge"}, {"ones"})
      .node("Relu", {"x"}, {"y"})
      .output("y");
  EXPECT_THAT(error_of(graph.file()), HasSubstr("(ConstantOfShape): \"ones\" would be"));
  OnnxWriter wide;
  with_input(wide)
      .constant("shape", integers({1 << 13, 1 << 14, 1, 1}))
      .node("Expand", {"x", "shape"}, {"y"})
      .output("y");
  EXPECT_THAT(error_of(wide.file()), HasSubstr("which is too much"));
}

TEST(ProgramBuilder, WhatIsKnownIsComputedOnce) {
  OnnxWriter graph;
  with_input(graph)
      .constant("a", floats({1, 2}))
      .node("Add", {"a", "a"}, {"b"})
      .node("Mul", {"b", "b"}, {"c"})
      .node("Add", {"x", "c"}, {"y"})
      .output("y");
  const auto file = read_onnx(bytes_of_text(graph.file()));
  ASSERT_TRUE(file);
  const auto built = build_program(*file, base::InstructionSet::kPortable);
  ASSERT_TRUE(built) << built.error().message();
  EXPECT_EQ(built->program.steps(), 2U) << "the input, and the last addition";
  EXPECT_THAT(outputs_of_file(graph.file(), {1, 1}), ElementsAre(5, 17));
}

TEST(ProgramBuilder, StepsThatScoresDoNotNeedAreLeftOut) {
  OnnxWriter graph;
  with_input(graph)
      .node("Relu", {"x"}, {"y"})
      .node("Exp", {"x"}, {"side"})
      .node("Exp", {"side"}, {"further"})
      .output("y");
  const auto file = read_onnx(bytes_of_text(graph.file()));
  const auto built = build_program(*file, base::InstructionSet::kPortable);
  ASSERT_TRUE(built);
  EXPECT_THAT(built->program.steps_for(built->program.outputs()),
              ElementsAre(true, true, false, false));
}

TEST(OperatorTable, KnowsEachOfItsOwn) {
  for (const Operator& one : all_operators()) {
    EXPECT_EQ(find_operator(one.domain, one.name), &one) << one.name;
    EXPECT_NE(one.build, nullptr);
    EXPECT_LE(one.inputs_min, one.inputs_max);
  }
  EXPECT_EQ(find_operator("", "Nothing"), nullptr);
  EXPECT_EQ(find_operator("ai.onnx.ml", "Zzz"), nullptr);
}

}  // namespace
}  // namespace ringmaker::model
