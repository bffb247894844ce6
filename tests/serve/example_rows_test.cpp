#include "serve/example_rows.h"

#include "tests/codec/decoding.h"

#include <gmock/gmock.h>

#include <cmath>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using codec::Format;

/// Each example is one row, and decodes to `row`.
void expect_row(const data::Schema& schema, const codec::Rows& by_text,
                const codec::Rows& by_code) {
  const size_t width = schema.feature_count();
  const auto decoded = [&](Format format, const std::string& payload) {
    const auto decoder = codec::make_decoder(format, schema);
    const codec::Outcome outcome = codec::decode(*decoder, width, payload);
    EXPECT_EQ(codec::describe(outcome.error, schema), "no error.") << payload;
    return outcome.rows;
  };
  EXPECT_EQ(decoded(Format::kCsv, example_csv(schema)), by_text);
  EXPECT_EQ(decoded(Format::kJson, example_instances(schema)), by_code);
  EXPECT_EQ(decoded(Format::kJsonLines, example_json_row(schema)), by_code);
  EXPECT_EQ(decoded(Format::kTensors, example_tensors(schema)), by_code);
}

TEST(ExampleRows, OfNumbersAreZeroes) {
  const data::Schema schema = codec::schema_of({"age", "mass"});
  EXPECT_EQ(example_csv(schema), "0,0");
  EXPECT_EQ(example_instances(schema), R"({"instances":[[0,0]]})");
  expect_row(schema, {{0, 0}}, {{0, 0}});
}

TEST(ExampleRows, OfTextsAreThoseThatTheModelKnows) {
  data::Schema schema = codec::schema_of({"colour", "mass", "size"});
  schema.category_names = {{"", "so \"red\", or"}, {}, {}};
  schema.text_features = {true, false, true};
  EXPECT_EQ(example_csv(schema), R"("so ""red"", or",0,"")");
  EXPECT_EQ(example_json_row(schema), R"(["so \"red\", or",0,""])");
  expect_row(schema, {{1, 0, -1}}, {{1, 0, -1}});
}

TEST(ExampleRows, OfCategoriesAreTexts) {
  data::Schema schema = codec::schema_of({"mass", "town"});
  schema.category_names = {{}, {"Bern", "Basel"}};
  EXPECT_EQ(example_csv(schema), R"(0,"Bern")");
  EXPECT_EQ(example_json_row(schema), R"([0,"Bern"])");
  EXPECT_THAT(
      example_tensors(schema),
      testing::HasSubstr(R"("name":"town","datatype":"BYTES","shape":[1,1],"data":["Bern"])"));
  expect_row(schema, {{0, 0}}, {{0, 0}});
}

TEST(ExampleRows, AreRealWhereTheModelHasOneAndZeroWhereThatMissesAValue) {
  data::Schema schema = codec::schema_of({"mass", "town", "age"});
  schema.category_names = {{}, {"Bern", "Basel"}, {}};
  const std::vector<float> real{2.5F, 1, std::nanf("")};
  EXPECT_EQ(example_csv(schema, real), R"(2.5,"Basel",0)");
  EXPECT_EQ(example_json_row(schema, real), R"([2.5,"Basel",0])");
  EXPECT_EQ(example_instances(schema, real), R"({"instances":[[2.5,"Basel",0]]})");
  EXPECT_EQ(example_csv(schema, std::vector<float>{1}), R"(0,"Bern",0)") << "of no such model";
}

}  // namespace
}  // namespace ringmaker::serve
