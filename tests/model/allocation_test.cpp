// Once a thread has its scratch, predicting allocates nothing, whatever the model. Counted by
// replacing operator new, which this program alone does.
#include "tests/model/dense/dense_models.h"
#include "tests/model/graph/graph_test_support.h"
#include "tests/model/tree/random_ensemble.h"
#include "tests/model/tree/tree_test_support.h"
#include "tests/support/counted_new.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr size_t kColumns = 7;

/// Of the second round of calls with these numbers of rows, by every instruction set.
size_t allocations_of(const Model& model) {
  size_t counted = 0;
  const std::vector<float> rows = random_rows(500, model.schema.feature_count(), 5);
  std::vector<float> scores(500 * 8);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto predictor = compile(model, set);
    if (!predictor) {
      ADD_FAILURE() << predictor.error().message();
      return SIZE_MAX;
    }
    const size_t width = (*predictor)->output().score_columns();
    for (const bool counts : {false, true}) {
      const size_t before = test::allocations;
      for (const size_t some : {1, 16, 64, 500}) {
        (*predictor)
            ->predict({rows.data(), some, model.schema.feature_count()},
                      {scores.data(), some, width});
      }
      counted += counts ? test::allocations - before : 0;
    }
  }
  return counted;
}

Model linear_model() {
  Model model = model_of_regression(kColumns);
  model.parameters = LinearParameters{.weights = std::vector<float>(kColumns, 0.5F),
                                      .bias = {0.25},
                                      .fill = std::vector<float>(kColumns)};
  return model;
}

TEST(Allocation, ModelsOfOurOwnAllocateNothing) {
  EXPECT_EQ(allocations_of(linear_model()), 0U);
  EXPECT_EQ(allocations_of(random_mlp(kColumns, {32, 16, 1}, Activation::kRelu, 1)), 0U);
  EXPECT_EQ(allocations_of(random_mlp(kColumns, {33, 4}, Activation::kTanh, 1)), 0U);
  for (const KernelType type : {KernelType::kLinear, KernelType::kPoly, KernelType::kRbf}) {
    EXPECT_EQ(allocations_of(random_machine({type, 0.1F, 1, 2}, kColumns, 40, 1)), 0U);
  }
  EXPECT_EQ(allocations_of(random_kmeans(kColumns, 5, 1)), 0U);
}

TEST(Allocation, TreesAllocateNothing) {
  for (const size_t depth : {3, 6, 12}) {
    for (EnsembleShape shape :
         {EnsembleShape{}, EnsembleShape{.thresholds = 0, .categories = 0.2},
          EnsembleShape{.trees = 40, .thresholds = 0, .precision = Precision::kFloat64}}) {
      shape.depth_max = depth;
      TreeEnsemble trees = random_ensemble(shape, 1);
      trees.round_begins = {0, static_cast<uint32_t>(trees.trees.size())};
      EXPECT_EQ(allocations_of(model_of(std::move(trees))), 0U);
    }
  }
}

TEST(Allocation, SeveralModelsThatAnswerAsOneAllocateNothing) {
  Model model = linear_model();
  model.parameters = AverageParameters{.members = {linear_model(), linear_model()}};
  EXPECT_EQ(allocations_of(model), 0U);
}

TEST(Allocation, GraphsAllocateNothing) {
  base::Random random(1);
  const auto width = static_cast<int64_t>(kColumns);
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, width})
      .constant("w", floats(random_values(kColumns * 9, random), {width, 9}))
      .constant("b", floats(random_values(9, random)))
      .node("MatMul", {"x", "w"}, {"h"})
      .node("Add", {"h", "b"}, {"s"})
      .node("Tanh", {"s"}, {"t"})
      .constant("axis", integers({1}))
      .node("ReduceSum", {"t", "axis"}, {"y"})
      .output("y");
  const base::Result<Model> model = import_onnx(bytes_of_text(graph.file()));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(allocations_of(*model), 0U);
}

}  // namespace
}  // namespace ringmaker::model
