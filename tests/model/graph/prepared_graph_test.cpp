#include "model/graph/prepared_graph.h"

#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

const std::string kFile = one_node("Relu", 2);

TEST(PreparedGraph, IsMadeByTheImporterAndTakenByThePredictor) {
  const auto model = import_onnx(bytes_of_text(kFile));
  ASSERT_TRUE(model) << model.error().message();
  const auto& prepared = std::get<GraphParameters>(model->parameters).prepared;
  ASSERT_NE(prepared, nullptr);
  EXPECT_EQ(prepared.use_count(), 1);
  const auto predictor = compile(*model, prepared->set);
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_EQ(prepared.use_count(), 2);
}

TEST(PreparedGraph, OfAnotherSetIsMadeAnew) {
  auto model = import_onnx(bytes_of_text(kFile));
  ASSERT_TRUE(model) << model.error().message();
  auto& prepared = std::get<GraphParameters>(model->parameters).prepared;
  prepared.reset();
  const auto predictor = compile(*model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_EQ((*predictor)->instruction_set(), base::name(base::InstructionSet::kPortable));
  EXPECT_EQ(outputs_of_file(kFile, {-1, 2}), (std::vector<float>{0, 2}));
}

}  // namespace
}  // namespace ringmaker::model
