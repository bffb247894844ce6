// Features that are texts: every format of text takes them as they stand.
#include "tests/codec/decoding.h"

#include <gmock/gmock.h>

namespace ringmaker::codec {
namespace {

/// A text, a number, and another text.
data::Schema text_schema() {
  data::Schema schema = schema_of({"colour", "mass", "size"});
  schema.category_names = {{"red", "", "12", "nan", "a,b"}, {}, {"L"}};
  schema.text_features = {true, false, true};
  return schema;
}

Outcome decoded(Format format, const std::string& payload) {
  const data::Schema schema = text_schema();
  return decode_cut_anywhere(*make_decoder(format, schema), 3, payload);
}

void expect_rows(Format format, const std::string& payload, const Rows& rows) {
  const Outcome outcome = decoded(format, payload);
  EXPECT_EQ(outcome.error.code, DecodeErrorCode::kNone) << payload;
  EXPECT_TRUE(same(outcome, {rows, {}, outcome.ignored_columns})) << payload;
}

TEST(TextFeatures, OfCsvAreNumbersByTheirLettersAndNeverMissing) {
  const Rows rows = {{0, 1.5, 0}, {1, kNan, -1}, {2, 2, -1}, {3, 3, -1}, {4, 4, -1}, {-1, 5, 0}};
  const std::string payload = "red,1.5,L\n,,\n12,2,l\nnan,3,M\n\"a,b\",4,7\nRed,5,\"L\"\n";
  expect_rows(Format::kCsv, payload, rows);
  expect_rows(Format::kCsv, "colour,mass,size\n" + payload, rows);
  expect_rows(Format::kCsv, "size,colour,mass\nL,red,1.5\n", {{0, 1.5, 0}});
  const Outcome outcome = decoded(Format::kCsv, "red,heavy,L\n12,1,\"L\"x\n");
  EXPECT_NE(outcome.error.code, DecodeErrorCode::kNone);
}

TEST(TextFeatures, OfCsvWithoutNumbersHaveAHeaderWhereItNamesThemAll) {
  data::Schema schema = schema_of({"a", "b"});
  schema.category_names = {{"a", "x"}, {"b"}};
  schema.text_features = {true, true};
  const auto decoder = make_decoder(Format::kCsv, schema);
  EXPECT_EQ(decode(*decoder, 2, "a,b\nx,b\n").rows, (Rows{{1, 0}}));
  EXPECT_EQ(decode(*decoder, 2, "x,b\na,c\n").rows, (Rows{{1, 0}, {0, -1}}));
}

TEST(TextFeatures, OfJsonAreStringsNumbersByTheirLettersAndNull) {
  const Rows rows = {{0, 1.5, 0}, {1, kNan, -1}, {2, 2, -1}};
  expect_rows(Format::kJson, R"([["red",1.5,"L"],[null,null,"M"],[12,"2",""]])", rows);
  expect_rows(Format::kJson,
              R"({"instances":[{"features":["red",1.5,"L"]},{"size":"x","mass":null,"colour":""},)"
              R"({"data":{"features":{"values":["12",2,null]}}}]})",
              rows);
  expect_rows(Format::kJson, R"({"columns":["mass","size","colour"],"data":[[1.5,"L","red"]]})",
              {{0, 1.5, 0}});
  expect_rows(Format::kJsonLines, "[\"red\",1.5,\"L\"]\n[null,null,\"M\"]\n[12,2,\"\"]\n", rows);
}

TEST(TextFeatures, OfSparseJsonAreKnownOnceTheirKeysAre) {
  expect_rows(Format::kJson,
              R"([{"data":{"features":{"keys":[2,0],"shape":[3],"values":["L","red"]}}}])",
              {{0, 0, 0}});
  const Outcome late =
      decoded(Format::kJson, R"([{"data":{"features":{"values":["L"],"keys":[2]}}}])");
  EXPECT_EQ(late.error.code, DecodeErrorCode::kJsonShape);
}

}  // namespace
}  // namespace ringmaker::codec
