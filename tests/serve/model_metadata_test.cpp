#include "serve/model_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

/// A model of any schema that is never asked.
class SchemaOnly final : public model::Predictor {
 public:
  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_of; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_of; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "linear"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override { return "none"; }
  void predict_raw(data::DenseView /*rows*/, data::DenseSpan /*raw*/) const noexcept override {}
  void link(data::DenseSpan /*values*/) const noexcept override {}

  data::Schema schema_of;
  data::OutputSchema output_of;
};

TEST(ModelMetadata, IsFilledInFromTheSchema) {
  SchemaOnly model;
  model.schema_of.feature_names = {"age", "mass"};
  model.output_of.task = data::Task::kBinary;
  model.output_of.class_names = {"no", "yes"};
  model.output_of.numeric_classes = false;
  EXPECT_EQ(model_metadata("heart", model, {}),
            R"({"name":"heart","versions":["1"],"platform":"ringmaker_linear","inputs":[)"
            R"({"name":"age","datatype":"FP32","shape":[-1,1]},)"
            R"({"name":"mass","datatype":"FP32","shape":[-1,1]}],"outputs":[)"
            R"({"name":"probability","datatype":"FP32","shape":[-1]},)"
            R"({"name":"predicted_label","datatype":"BYTES","shape":[-1],)"
            R"("parameters":{"labels":["no","yes"]}}]})");
}

TEST(ModelMetadata, TextsAreBytesOfTheirOwn) {
  SchemaOnly model;
  model.schema_of.feature_names = {"colour", "mass"};
  model.schema_of.features_named = false;
  model.schema_of.text_features = {true, false};
  model.schema_of.category_names = {{"red"}, {}};
  EXPECT_THAT(model_metadata("m", model, {}),
              testing::HasSubstr(R"("inputs":[{"name":"colour","datatype":"BYTES","shape":[-1,1]},)"
                                 R"({"name":"mass","datatype":"FP32","shape":[-1,1]}])"));
}

TEST(ModelMetadata, CategoriesWithNamesAreBytesToo) {
  SchemaOnly model;
  model.schema_of.feature_names = {"colour", "mass"};
  model.schema_of.category_names = {{"red"}, {}};
  for (const bool named : {true, false}) {
    model.schema_of.features_named = named;
    EXPECT_THAT(
        model_metadata("m", model, {}),
        testing::HasSubstr(R"("inputs":[{"name":"colour","datatype":"BYTES","shape":[-1,1]},)"
                           R"({"name":"mass","datatype":"FP32","shape":[-1,1]}])"));
  }
}

TEST(ModelMetadata, WithoutNamesRowsAreOneTensor) {
  SchemaOnly model;
  model.schema_of.feature_names = {"0", "1", "2"};
  model.schema_of.features_named = false;
  model.output_of.task = data::Task::kMulticlass;
  model.output_of.class_names = {"0", "1"};
  const auto outputs = codec::OutputSelection::parse("probabilities").value();
  EXPECT_EQ(model_metadata("m", model, outputs),
            R"({"name":"m","versions":["1"],"platform":"ringmaker_linear","inputs":[)"
            R"({"name":"rows","datatype":"FP32","shape":[-1,3]}],"outputs":[)"
            R"({"name":"probabilities","datatype":"FP32","shape":[-1,2],)"
            R"("parameters":{"labels":[0,1]}}]})");
}

}  // namespace
}  // namespace ringmaker::serve
