#include "codec/json/json_row_reader.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

struct Read {
  std::vector<float> values;
  size_t rows = 0;
  wire::JsonOutcome outcome{};
};

Read read(JsonRowReader& reader, std::string text, bool whole = false) {
  wire::JsonEvents events;
  Read result;
  result.values.resize(100, -77.0F);
  reader.begin(result.values.data(), whole, 30);
  const size_t size = text.size();
  text.append(wire::JsonEvents::kPadding, ' ');
  result.outcome = events.parse(std::string_view(text).substr(0, size), reader).outcome;
  result.rows = reader.rows();
  result.values.resize(result.rows * 3);
  return result;
}

class JsonRowReaderTest : public testing::Test {
 protected:
  void expect_row(const std::string& instance, std::vector<float> row) {
    const Read result = read(reader_, "[" + instance + "]");
    EXPECT_EQ(result.outcome, wire::JsonOutcome::kComplete)
        << instance << ": " << describe(reader_.error(), schema_);
    ASSERT_EQ(result.values.size(), 3U) << instance;
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_TRUE(result.values[k] == row[k] ||
                  (std::isnan(result.values[k]) && std::isnan(row[k])))
          << instance << " column " << k << ": " << result.values[k];
    }
  }
  void expect_error(const std::string& instance, DecodeErrorCode code, uint32_t column = 0) {
    EXPECT_EQ(read(reader_, "[" + instance + "]").outcome, wire::JsonOutcome::kStopped) << instance;
    EXPECT_EQ(reader_.error().code, code) << instance;
    EXPECT_EQ(reader_.error().column, column) << instance;
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  JsonRowReader reader_{schema_};
};

TEST_F(JsonRowReaderTest, InstancesInEveryShape) {
  const std::vector<float> row = {1.5, 16, 14};
  for (const char* instance :
       {"[1.5,16,14]", R"({"features":[1.5,16,14]})",
        R"({"data":{"features":{"values":[1.5,16,14]}}})",
        R"({"data":{"features":{"shape":[3],"values":[1.5,16,14]}}})",
        R"({"features":{"values":[1.5,16,14]}})", R"({"age":1.5,"mass":16,"time":14})",
        R"({"time":14,"note":"x","list":[1,{"a":2}],"age":1.5,"mass":16})",
        R"({"configuration":{"a":[1]},"features":[1.5,16,14]})",
        R"({"features":[1.5,16,14],"configuration":"x"})", R"(["1.5"," 16",14])"}) {
    if (std::string(instance).find("\" 16\"") != std::string::npos) {
      expect_error(instance, DecodeErrorCode::kNotANumber, 2);
    } else {
      expect_row(instance, row);
    }
  }
}

TEST_F(JsonRowReaderTest, SparseInstancesAreZeroElsewhere) {
  expect_row(R"({"data":{"features":{"keys":[0,2],"shape":[3],"values":[1,4]}}})", {1, 0, 4});
  expect_row(R"({"data":{"features":{"values":[4],"keys":[1]}}})", {0, 4, 0});
  expect_row(R"({"data":{"features":{"keys":[],"values":[],"shape":[3]}}})", {0, 0, 0});
  expect_row(R"({"data":{"features":{"keys":[1],"values":[null],"shape":[1,3]}}})", {0, kNan, 0});
  expect_error(R"({"data":{"features":{"keys":[0,3],"shape":[3],"values":[1,4]}}})",
               DecodeErrorCode::kIndexRange);
  expect_error(R"({"data":{"features":{"keys":[0],"shape":[10],"values":[1]}}})",
               DecodeErrorCode::kTooManyColumns);
  expect_error(R"({"data":{"features":{"keys":[0,1],"shape":[3],"values":[1]}}})",
               DecodeErrorCode::kJsonShape);
  expect_error(R"({"data":{"features":{"keys":[1,1],"shape":[3],"values":[1,2]}}})",
               DecodeErrorCode::kDuplicateIndex);
  for (const char* key : {"-1", "0.5", "\"0\"", "null", "1e30", "[0]"}) {
    expect_error(
        R"({"data":{"features":{"keys":[)" + std::string(key) + R"(],"shape":[3],"values":[1]}}})",
        DecodeErrorCode::kJsonShape);
  }
}

TEST_F(JsonRowReaderTest, ANameGivenTwiceIsAnError) {
  expect_error(R"({"age":1,"mass":2,"age":1,"time":3})", DecodeErrorCode::kDuplicateColumn);
}

TEST_F(JsonRowReaderTest, MissingValues) {
  expect_row("[null,NaN,1]", {kNan, kNan, 1});
  expect_row(R"(["","nan","NA"])", {kNan, kNan, kNan});
  expect_row(R"({"age":null,"mass":1,"time":NaN})", {kNan, 1, kNan});
  expect_row("[Infinity,-Infinity,0]", {INFINITY, -INFINITY, 0});
}

TEST_F(JsonRowReaderTest, MarkersOfTheSchemaAreMissing) {
  data::Schema schema = schema_;
  schema.missing_markers = {"?", "-999"};
  JsonRowReader reader(schema);
  const Read result = read(reader, R"([["?",-999,1]])");
  ASSERT_EQ(result.rows, 1U);
  EXPECT_TRUE(std::isnan(result.values[0]) && std::isnan(result.values[1]));
}

TEST_F(JsonRowReaderTest, BadValuesNameTheirColumn) {
  expect_error("[1,2]", DecodeErrorCode::kTooFewColumns);
  expect_error("[]", DecodeErrorCode::kTooFewColumns);
  expect_error("[1,2,3,\"label\"]", DecodeErrorCode::kTooManyColumns);
  expect_error("[1,\"x\",3]", DecodeErrorCode::kNotANumber, 2);
  expect_error("[1,true,3]", DecodeErrorCode::kNotANumber, 2);
  expect_error("[1e999,2,3]", DecodeErrorCode::kNumberRange, 1);
  expect_error("[1,2,-1e39]", DecodeErrorCode::kNumberRange, 3);
  expect_error("[1,2,0." + std::string(1030, '1') + "]", DecodeErrorCode::kNumberLength, 3);
  expect_error("[1,[2],3]", DecodeErrorCode::kJsonShape);
  expect_error("[1,{},3]", DecodeErrorCode::kJsonShape);
  expect_error("5", DecodeErrorCode::kJsonShape);
  expect_error("{}", DecodeErrorCode::kJsonShape);
  expect_error("{\"x\":1}", DecodeErrorCode::kJsonShape);
  expect_error("{\"age\":1,\"time\":2}", DecodeErrorCode::kUnknownColumn);
  EXPECT_STREQ(reader_.error().text.data(), "mass");
  expect_error("{\"age\":1,\"mass\":\"x\",\"time\":2}", DecodeErrorCode::kNotANumber, 2);
  expect_error(R"({"data":{"features":{"values":[1,"x",3]}}})", DecodeErrorCode::kNotANumber, 2);
}

TEST_F(JsonRowReaderTest, ColumnsReorderAndIgnore) {
  EXPECT_TRUE(reader_.set_columns({"age", "mass", "time"}));
  EXPECT_TRUE(reader_.model_columns());
  EXPECT_FALSE(reader_.ignored_columns());
  EXPECT_TRUE(reader_.set_columns({"time", "x", "age", "mass", "x"}));
  EXPECT_FALSE(reader_.model_columns());
  EXPECT_TRUE(reader_.ignored_columns());
  expect_row("[3,\"any\",1,2,0]", {1, 2, 3});
  expect_error("[3,0,1,2]", DecodeErrorCode::kTooFewColumns);
  expect_error("[\"x\",0,1,2,0]", DecodeErrorCode::kNotANumber, 1);
  EXPECT_EQ(reader_.error().feature, 3U);
  EXPECT_FALSE(reader_.set_columns({"time", "age"}));
  EXPECT_EQ(describe(reader_.error(), schema_),
            "\"columns\" lacks the column \"mass\"; the model expects 3 (age, mass, time).");
  EXPECT_FALSE(reader_.set_columns({"time", "age", "mass", "age"}));
  EXPECT_EQ(describe(reader_.error(), schema_), "column 4: \"age\" is given twice.");
}

TEST_F(JsonRowReaderTest, WhatIsGivenTwiceIsNeverScored) {
  for (const char* instance :
       {R"({"features":[1,2,3],"features":[4,5,6]})",
        R"({"features":[1,2,3],"data":{"features":{"values":[4,5,6]}}})",
        R"({"data":{"features":{"values":[4,5,6]}},"features":[1,2,3]})",
        R"({"data":{"features":{"values":[1,2,3]}},"data":{"features":{"values":[4,5,6]}}})",
        R"({"features":{"values":[1,2,3],"values":[4,5,6]}})",
        R"({"features":{"values":[1,2,3],"values":[]}})",
        R"({"features":{"keys":[0],"keys":[1],"values":[1,2]}})",
        R"({"features":{"keys":[0],"shape":[9],"shape":[3],"values":[1]}})",
        R"({"age":1,"mass":2,"time":3,"age":1})"}) {
    expect_error(instance, DecodeErrorCode::kDuplicateColumn);
  }
  for (const char* instance :
       {R"({"features":[1,2,3],"age":9})", R"({"age":9,"features":[1,2,3]})",
        R"({"age":1,"mass":2,"time":3,"data":{"features":{"values":[4,5,6]}}})",
        R"({"data":{"features":{"values":[4,5,6]}},"time":3})"}) {
    expect_error(instance, DecodeErrorCode::kJsonShape);
    EXPECT_STREQ(reader_.error().text.data(), "an instance has \"features\" and values by name");
  }
  expect_row(R"({"features":[1,2,3]})", {1, 2, 3});  // and no instance remembers another
}

TEST_F(JsonRowReaderTest, TheShapeOfADenseRowIsThatOfItsValues) {
  expect_row(R"({"features":{"shape":[1,3],"values":[1,2,3]}})", {1, 2, 3});
  expect_row(R"({"features":{"values":[1,2,3],"shape":[3,1]}})", {1, 2, 3});
  expect_row(R"({"features":{"values":[1,2,3],"shape":[]}})", {1, 2, 3});
  for (const char* shape : {"[9]", "[0]", "[2,3]", "[4294967295,4294967295,3]"}) {
    expect_error(R"({"features":{"values":[1,2,3],"shape":)" + std::string(shape) + "}}",
                 DecodeErrorCode::kJsonShape);
  }
}

TEST_F(JsonRowReaderTest, AWholeArrayIsOneRow) {
  const Read result = read(reader_, "[1,2,3]", true);
  EXPECT_EQ(result.rows, 1U);
  EXPECT_EQ(result.values, (std::vector<float>{1, 2, 3}));
}

TEST_F(JsonRowReaderTest, NumbersAreRoundedOnceFromTheirText) {
  // Just above the middle between 1 and the next float, and not to be told from it as a double.
  const std::string above = "1.00000005960464477539062500000000000000001";
  expect_row("[" + above + ",0,0]", {std::nextafter(1.0F, 2.0F), 0, 0});
}

}  // namespace
}  // namespace ringmaker::codec
