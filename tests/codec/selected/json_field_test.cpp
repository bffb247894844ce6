// A field as a JSON value.
#include "codec/selected/json_field.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace ringmaker::codec {
namespace {

TEST(JsonField, ScalarsAndListsOfNumbersAndLabels) {
  const data::OutputSchema output{
      .task = data::Task::kBinary, .class_names = {"no", "yes"}, .numeric_classes = false};
  const FieldReader reader(output);
  const float score = 0.75F;
  const float raw = std::numeric_limits<float>::infinity();
  const auto row = reader.row(&score, &raw);
  const auto text = [&](OutputField field) {
    std::string out;
    append_json_field(reader, field, row, ", ", out);
    EXPECT_LE(out.size(), json_field_bytes_max(reader, field));
    return out;
  };
  EXPECT_EQ(text(OutputField::kPredictedLabel), "\"yes\"");
  EXPECT_EQ(text(OutputField::kLabels), "[\"no\", \"yes\"]");
  EXPECT_EQ(text(OutputField::kProbabilities), "[0.25, 0.75]");
  EXPECT_EQ(text(OutputField::kRawScore), "null") << "JSON has no infinity";
}

}  // namespace
}  // namespace ringmaker::codec
