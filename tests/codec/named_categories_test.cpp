// Features whose categories have names: in every format of text a value is a name or a code.
#include "tests/codec/decoding.h"

#include <gmock/gmock.h>

namespace ringmaker::codec {
namespace {

using testing::HasSubstr;

/// Names, a number, and names that look like numbers or like what is missing.
data::Schema schema_of_names() {
  data::Schema schema = schema_of({"colour", "mass", "store"});
  schema.category_names = {{"red", "dark, red", "x\uFFFD"}, {}, {"7", "0", "NA", "", "1.50"}};
  return schema;
}

Outcome decoded(Format format, const std::string& payload,
                const data::Schema& schema = schema_of_names()) {
  return decode_cut_anywhere(*make_decoder(format, schema), 3, payload);
}

void expect_rows(Format format, const std::string& payload, const Rows& rows) {
  const Outcome outcome = decoded(format, payload);
  EXPECT_EQ(outcome.error.code, DecodeErrorCode::kNone)
      << payload << describe(outcome.error, schema_of_names());
  EXPECT_TRUE(same(outcome, {rows, {}, false})) << payload;
}

TEST(NamedCategories, OfCsvAreNamesBeforeTheyAreNumbersOrMissing) {
  const std::string payload =
      "red,1.5,7\n\"dark, red\",0,0\nxy,7,NA\n1,NA,1.50\n,2,\n2,3,1.5\n0,4,3\n";
  const Rows rows = {{0, 1.5, 0},     {1, 0, 1},   {2, 7, 2}, {1, kNan, 4},
                     {kNan, 2, kNan}, {2, 3, 1.5}, {0, 4, 3}};
  expect_rows(Format::kCsv, payload, rows);
  expect_rows(Format::kCsv, "colour,mass,store\n" + payload, rows);
  expect_rows(Format::kCsv, "store,colour,mass\n7,red,1\n", {{0, 1, 0}});
  expect_rows(Format::kCsv, "0,1,7\n", {{0, 1, 0}});
}

TEST(NamedCategories, OfJsonAreStringsOrTheLettersOfNumbers) {
  const Rows rows = {{0, 1.5, 0}, {1, 0, 1}, {2, 7, 2}, {1, kNan, 4}, {kNan, 2, kNan}};
  expect_rows(Format::kJson,
              R"([["red",1.5,"7"],["dark, red",0,0],["xy",7,"NA"],[1,null,1.50],[null,2,""]])",
              rows);
  expect_rows(Format::kJsonLines,
              "[\"red\",1.5,7]\n{\"mass\":0,\"store\":\"0\",\"colour\":\"dark, red\"}\n"
              "{\"features\":[\"xy\",7,\"NA\"]}\n"
              "{\"data\":{\"features\":{\"values\":[\"1\",null,1.50]}}}\n[\"\",2,null]\n",
              rows);
  expect_rows(Format::kJson,
              R"({"features":{"keys":[2,0,1],"shape":[3],"values":["7","red",1.5]}})",
              {{0, 1.5, 0}});
  expect_rows(Format::kJson, R"({"columns":["mass","store","colour"],"data":[[1.5,"7","red"]]})",
              {{0, 1.5, 0}});
}

TEST(NamedCategories, WhichTheyAreIsToldByKeysThatComeFirst) {
  const Outcome outcome =
      decoded(Format::kJson, R"({"features":{"values":["red","7"],"keys":[0,2]}})");
  EXPECT_EQ(outcome.error.code, DecodeErrorCode::kJsonShape);
}

TEST(NamedCategories, AnUnknownNameIsAnErrorThatListsThem) {
  const data::Schema schema = schema_of_names();
  for (const auto& [format, payload] :
       {std::pair(Format::kCsv, "green,1,7\n"),
        {Format::kJson, R"([["green",1,7]])"},
        {Format::kJsonLines, R"({"colour":"green","mass":1,"store":"7"})"}}) {
    const Outcome outcome = decoded(format, payload);
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kNotANumber) << payload;
    EXPECT_THAT(describe(outcome.error, schema),
                HasSubstr("column 1 \"colour\": \"green\" is none of the feature's categories "
                          "(red, dark, red, x\uFFFD)."))
        << payload;
    EXPECT_THAT(describe(outcome.error, schema, true),
                HasSubstr("column 1: a value is none of the feature's categories."));
  }
}

TEST(NamedCategories, AnUnknownNameMayBeMissing) {
  data::Schema schema = schema_of_names();
  schema.unknown_text_missing = true;
  for (const auto& [format, payload] :
       {std::pair(Format::kCsv, "green,1,7\n"), {Format::kJson, R"([["green",1,"7"]])"}}) {
    EXPECT_TRUE(same(decoded(format, payload, schema), {{{kNan, 1, 0}}, {}, false})) << payload;
  }
}

TEST(NamedCategories, OfTensorsAreCodesOrBytes) {
  const auto tensor = [](const std::string& name, const std::string& type,
                         const std::string& values) {
    return R"({"name":")" + name + R"(","shape":[2],"datatype":")" + type + R"(","data":)" +
           values + "}";
  };
  const std::string mass = tensor("mass", "FP32", "[1,2]") + ",";
  const auto inputs = [&](const std::string& colour, const std::string& store) {
    return R"({"inputs":[)" + mass + colour + "," + store + "]}";
  };
  const Rows rows = {{1, 1, 0}, {0, 2, 1}};
  expect_rows(Format::kTensors,
              inputs(tensor("colour", "BYTES", R"(["dark, red","red"])"),
                     tensor("store", "BYTES", R"(["7","0"])")),
              rows);
  expect_rows(Format::kTensors,
              inputs(tensor("colour", "FP32", "[1,0]"), tensor("store", "INT64", "[0,1]")), rows);
  const Outcome unknown = decoded(
      Format::kTensors,
      inputs(tensor("colour", "BYTES", R"(["red","green"])"), tensor("store", "INT64", "[0,1]")));
  EXPECT_EQ(unknown.error.code, DecodeErrorCode::kNotANumber);
  EXPECT_EQ(unknown.error.row, 2U);
  EXPECT_EQ(unknown.error.feature, 1U);
}

}  // namespace
}  // namespace ringmaker::codec
