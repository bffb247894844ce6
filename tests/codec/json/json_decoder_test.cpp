#include "codec/json/json_decoder.h"

#include "tests/codec/decoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

class JsonDecoderTest : public testing::Test {
 protected:
  Outcome decoded(std::string_view payload) { return decode(decoder_, 3, payload); }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  JsonDecoder decoder_{schema_};
};

TEST_F(JsonDecoderTest, RowsInEveryShape) {
  const Outcome two = {{{1.5, 16, 14}, {2, 3, 4}}, {}};
  for (const std::string_view payload :
       {R"({"instances": [{"features": [1.5, 16, 14]}, {"features": [2, 3, 4]}]})",
        R"({"instances": [{"data": {"features": {"values": [1.5, 16, 14]}}}, [2,3,4]]})",
        R"({"instances": [[1.5, 16, 14], [2, 3, 4]]})", "[[1.5, 16, 14], [2, 3, 4]]",
        R"({"inputs": [[1.5, 16, 14], [2, 3, 4]]})",
        R"({"signature_name":"x","instances":[[1.5,16,14],[2,3,4]],"more":{"a":[1,2]}})",
        R"({"columns":["age","mass","time"],"index":[0,1],"data":[[1.5,16,14],[2,3,4]]})",
        R"({"data":[[1.5,16,14],[2,3,4]],"columns":["age","mass","time"]})",
        R"({"columns":["time","age","mass"],"data":[[14,1.5,16],[4,2,3]]})",
        R"([{"age":1.5,"mass":16,"time":14},{"time":4,"mass":3,"age":2}])",
        "\xEF\xBB\xBF [ [1.5,16,14] ,\r\n [2,3,4] ] \n"}) {
    EXPECT_TRUE(same(decoded(payload), two))
        << payload << ": " << describe(decoder_.error(), schema_);
  }
}

TEST_F(JsonDecoderTest, AFlatListIsOneRow) {
  for (const std::string_view payload :
       {"[1.5, 16, 14]", R"({"instances":[1.5,16,14]})", R"({"inputs": [ 1.5,16,14 ] })",
        R"({"features":[1.5,16,14]})"}) {
    EXPECT_TRUE(same(decoded(payload), {{{1.5, 16, 14}}, {}})) << payload;
  }
  EXPECT_TRUE(same(decoded("[null,NaN,1]"), {{{kNan, kNan, 1}}, {}}));
}

TEST_F(JsonDecoderTest, APayloadMayBeOneInstance) {
  for (
      const std::string_view payload :
      {R"({"data":{"features":{"values":[1.5, 16, 14]}}})",
       R"({"features": {"values":[1.5,16,14]}, "outputs":["probability"]})",
       R"({"data":{"features":{"keys":[2,0,1],"shape":[3],"values":[14,1.5,16]}},"id":{"a":1}})"}) {
    EXPECT_TRUE(same(decoded(payload), {{{1.5, 16, 14}}, {}}))
        << payload << ": " << describe(decoder_.error(), schema_);
  }
}

TEST_F(JsonDecoderTest, KeysOfTheOutermostObjectAreReadAsThoseInsideAre) {
  EXPECT_TRUE(same(decoded(R"({"inst\u0061nces":[[1.5,16,14]]})"), {{{1.5, 16, 14}}, {}}));
  EXPECT_EQ(decoded("{\"\xff\":1,\"instances\":[[1,2,3]]}").error.code,
            DecodeErrorCode::kJsonSyntax);
  EXPECT_EQ(decoded(R"({"\ud800":1,"instances":[[1,2,3]]})").error.code,
            DecodeErrorCode::kJsonSyntax);
}

TEST_F(JsonDecoderTest, APayloadMayBeOneRowByName) {
  const Outcome row = {{{1.5, 16, 14}}, {}};
  for (const std::string_view payload :
       {R"({"age":1.5,"mass":16,"time":14})", R"({ "time" : 14 , "outputs" : [], "mass":"16",
         "age":1.5, "meta":{"age":2}, "list":[9] })",
        R"({"\u0061ge":1.5,"mass":16,"time":14})"}) {
    EXPECT_TRUE(same(decoded(payload), row))
        << payload << ": " << describe(decoder_.error(), schema_);
    for (size_t cut = 0; cut < payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}), row)) << cut;
    }
  }
  EXPECT_TRUE(
      same(decoded(R"({"age":null,"mass":NaN,"time":1,"id":"x"})"), {{{kNan, kNan, 1}}, {}, true}));
  EXPECT_TRUE(same(decoded(R"({"age":5,"instances":[[1.5,16,14]],"mass":6})"), row))
      << "rows that are called so are the rows";
}

TEST_F(JsonDecoderTest, ARowByNameIsHeldToWhatInstancesAre) {
  const auto sentence = [&](std::string_view payload) {
    return describe(decoded(payload).error, schema_);
  };
  EXPECT_EQ(sentence(R"({"age":1,"time":3})"),
            "row 1 lacks the column \"mass\"; the model expects 3 (age, mass, time).");
  EXPECT_EQ(sentence(R"({"age":1,"mass":2,"time":3,"age":4})"), "row 1: \"age\" is given twice.");
  EXPECT_EQ(sentence(R"({"age":1,"mass":"x","time":3})").find("row 1, column 2 \"mass\": \"x\""),
            0U);
  EXPECT_EQ(sentence(R"({"height":1})").find("the object has no \"instances\". Send "), 0U);
  const std::string longest(JsonDecoder::instance_bytes_max(3), 'x');
  EXPECT_EQ(decoded(R"({"a":")" + longest + R"(","age":1,"mass":2,"time":3})").error.code,
            DecodeErrorCode::kRowTooLong);
  EXPECT_EQ(decoded(R"({"a":")" + longest.substr(9) + R"(","b":"12345678","instances":[[1,2,3]]})")
                .rows.size(),
            1U);
}

TEST_F(JsonDecoderTest, KeysOfSparseValuesAreIndices) {
  const auto sentence = [&](const std::string& keys, const std::string& shape) {
    return describe(decoded(R"([{"data":{"features":{"keys":)" + keys + R"(,"shape":)" + shape +
                            R"(,"values":[1,2]}}}])")
                        .error,
                    schema_);
  };
  for (const char* keys : {"[-1,0]", "[0,1.5]", R"(["0",1])", "[null,1]"}) {
    EXPECT_EQ(sentence(keys, "[3]").find("row 1: \"keys\" are indices from 0, whole numbers. Send"),
              0U)
        << keys;
  }
  EXPECT_EQ(sentence("[0,1]", "[-3]").find("row 1: \"shape\" holds whole numbers. Send"), 0U);
}

TEST_F(JsonDecoderTest, SplitColumnsMayBeMore) {
  const Outcome outcome =
      decoded(R"({"columns":["id","time","age","mass"],"data":[["x",3,1,2],["y",6,4,5]]})");
  EXPECT_TRUE(same(outcome, {{{1, 2, 3}, {4, 5, 6}}, {}, true}));
}

TEST_F(JsonDecoderTest, ColumnsMayComeBehindTheData) {
  const Outcome two = {{{1.5, 16, 14}, {2, 3, 4}}, {}};
  for (const std::string_view payload :
       {R"({"data":[[14,1.5,16],[4,2,3]],"columns":["time","age","mass"]})",
        R"({"index":[0,1],"data":[[14,1.5,16],[4,2,3]],"columns":["time","age","mass"]})",
        R"({"data":[[14,1.5,16],[4,2,3]],"index":[0,1],"columns":["time","age","mass"],"n":{}})"}) {
    EXPECT_TRUE(same(decoded(payload), two)) << describe(decoder_.error(), schema_);
  }
  EXPECT_TRUE(same(decoded(R"({"data":[[9,3,1,2]],"columns":["id","time","age","mass"]})"),
                   {{{1, 2, 3}}, {}, true}));
}

TEST_F(JsonDecoderTest, ColumnsFarBehindTheDataOnlyConfirmTheModelsOrder) {
  const auto payload = [](size_t rows, std::string_view columns) {
    std::string text = R"({"data":[[1,2,3])";
    for (size_t i = 1; i < rows; ++i) {
      text += ",[1,2,3]";
    }
    return text + R"(],"columns":)" + std::string(columns) + "}";
  };
  constexpr std::string_view kTurned = R"(["time","mass","age"])";
  const size_t near = (ColumnsAhead::kBytesMax - 40) / 8;
  const size_t far = ColumnsAhead::kBytesMax / 8 + 1;
  for (const std::vector<size_t>& cuts :
       {std::vector<size_t>{}, std::vector<size_t>{12, 5000, 500'000, 500'001}}) {
    const Outcome turned = decode(decoder_, 3, payload(near, kTurned), cuts);
    ASSERT_EQ(turned.rows.size(), near);
    EXPECT_EQ(turned.rows.back(), (std::vector<float>{3, 2, 1}));
    EXPECT_EQ(decode(decoder_, 3, payload(far, R"(["age","mass","time"])"), cuts).rows.size(), far);
    EXPECT_EQ(decode(decoder_, 3, payload(far, kTurned), cuts).error.code,
              DecodeErrorCode::kJsonShape);
  }
  std::vector<size_t> pieces;
  for (size_t at = 20'000; at < 3 * ColumnsAhead::kBytesMax; at += 20'000) {
    pieces.push_back(at);
  }
  EXPECT_EQ(decode(decoder_, 3, payload(3 * far, R"(["age","mass","time"])"), pieces, 100, 64)
                .rows.size(),
            3 * far);
}

TEST_F(JsonDecoderTest, BadInputNamesRowAndPlace) {
  struct Case {
    std::string payload;
    DecodeErrorCode code;
    uint64_t row;
    uint32_t column;
    uint64_t byte;
  };
  const std::string deep = "[" + std::string(70, '[');
  for (const Case& c : std::vector<Case>{
           {"", DecodeErrorCode::kEmptyPayload, 0, 0, 0},
           {" \n", DecodeErrorCode::kEmptyPayload, 0, 0, 0},
           {"[]", DecodeErrorCode::kEmptyPayload, 0, 0, 0},
           {R"({"instances":[]})", DecodeErrorCode::kEmptyPayload, 0, 0, 0},
           {"{}", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {"5", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {"null", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"a":1})", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"instances":5})", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"instances":[[1,2,3]],"instances":[[1,2,3]]})", DecodeErrorCode::kJsonShape, 0, 0,
            0},
           {R"({"instances":[[1,2,3]],"inputs":[[1,2,3]]})", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"data":{"features":{"values":[1,2,3]}},"instances":[[1,2,3]]})",
            DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"instances":[[1,2,3]],"data":{"features":[1,2,3]}})", DecodeErrorCode::kJsonShape,
            0, 0, 0},
           {R"({"instances":{"features":[1,2,3]}})", DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"data":{"features":{"values":[1,2]}}})", DecodeErrorCode::kTooFewColumns, 1, 0, 0},
           {R"({"data":{"features":[1,tru]}})", DecodeErrorCode::kJsonSyntax, 1, 0, 23},
           {"[[1,2,3],[4,5]]", DecodeErrorCode::kTooFewColumns, 2, 0, 9},
           {"[[1,2,3],[4,5,6,7]]", DecodeErrorCode::kTooManyColumns, 2, 0, 9},
           {"[[1,2,3],[4,\"x\",6]]", DecodeErrorCode::kNotANumber, 2, 2, 9},
           {"[[1,2,3],[4,1e999,6]]", DecodeErrorCode::kNumberRange, 2, 2, 9},
           {"[[1,2,3],[4," + std::string(2000, '9') + ",6]]", DecodeErrorCode::kNumberRange, 2, 2,
            9},
           {"[[1,2,3],[4,1." + std::string(2000, '1') + ",6]]", DecodeErrorCode::kNumberLength, 2,
            2, 9},
           {"[[1,2,3],4]", DecodeErrorCode::kJsonShape, 2, 0, 9},
           {"[1,2,[3]]", DecodeErrorCode::kJsonShape, 1, 0, 1},
           {"[[1,2,3],[4,5,x]]", DecodeErrorCode::kJsonSyntax, 2, 0, 14},
           {"[[1,2,3],[4,5,01]]", DecodeErrorCode::kJsonSyntax, 2, 0, 14},
           {"[[1,2,3],[4,5,6", DecodeErrorCode::kJsonSyntax, 0, 0, 15},
           {"[[1,2,3],]", DecodeErrorCode::kJsonSyntax, 0, 0, 9},
           {"[[1,2,3]] x", DecodeErrorCode::kJsonSyntax, 0, 0, 10},
           {"[[1,2,3],[4,\"\xff\",6]]", DecodeErrorCode::kInvalidUtf8, 2, 0, 13},
           {R"({"a":tru,"instances":[[1,2,3]]})", DecodeErrorCode::kJsonSyntax, 0, 0, 5},
           {R"({"columns":["age","mass"],"data":[[1,2]]})", DecodeErrorCode::kLacksColumn, 0, 0, 0},
           {R"({"columns":[],"data":[[1,2,3]]})", DecodeErrorCode::kLacksColumn, 0, 0, 0},
           {R"({"data":[[1,2,3]],"columns":["time","mass"]})", DecodeErrorCode::kLacksColumn, 0, 0,
            0},
           {R"({"instances":[[1,2,3]],"columns":["time","mass","age"]})",
            DecodeErrorCode::kJsonShape, 0, 0, 0},
           {R"({"data":[[1,2,3]],"columns":["time",["mass"],"age"]})", DecodeErrorCode::kJsonShape,
            0, 0, 37},
           {R"({"data":[[1,2,3]],"data":[[1,2,3]],"columns":["age"]})",
            DecodeErrorCode::kLacksColumn, 0, 0, 0},
           {R"({"data":[)", DecodeErrorCode::kJsonSyntax, 0, 0, 9},
           {R"({"columns":[["age"]],"data":[[1]]})", DecodeErrorCode::kJsonShape, 0, 0, 13},
           {deep, DecodeErrorCode::kJsonDepth, 0, 0, 64},
           {"[[1,2]," + deep, DecodeErrorCode::kTooFewColumns, 1, 0, 1}}) {
    const Outcome outcome = decoded(c.payload);
    EXPECT_EQ(outcome.error.code, c.code) << c.payload << ": " << describe(outcome.error, schema_);
    EXPECT_EQ(outcome.error.row, c.row) << c.payload;
    EXPECT_EQ(outcome.error.column, c.column) << c.payload;
    EXPECT_EQ(outcome.error.byte, c.byte) << c.payload;
  }
}

TEST_F(JsonDecoderTest, AnObjectWhereTheFeaturesShouldBeAnArrayIsCalledOne) {
  for (const std::string_view payload :
       {R"({"instances":[{"features":{"age":1,"mass":2}}]})",
        R"({"features":{"age":1,"mass":2,"time":3}})", R"({"data":{"features":{}}})"}) {
    const Outcome outcome = decoded(std::string(payload));
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kJsonShape) << payload;
    EXPECT_THAT(describe(outcome.error, schema_),
                testing::StartsWith("row 1: an object without \"values\" stands where the array "
                                    "\"features\" should be. Send "))
        << payload;
  }
}

TEST_F(JsonDecoderTest, EveryCutGivesTheSameRows) {
  for (const std::string_view payload :
       {R"({"c":{"a\"]":[1]},"instances": [{"features": [1.5, 16, 14]}, [2, 3, null]]})",
        R"({"columns":["time","x","age","mass"],"data":[[3,"\"]",1,2]],"k":"v"})",
        "\xEF\xBB\xBF[[1,2,3], [4,5,6] ]\r\n",
        "[1,2,3]",
        "[[1,2,3],[4,5]]",
        "[[1,2,3],[4,x,5]]",
        "[[1,2,3],[4,5,6],",
        "[[1,2,3],\"\xff\"]",
        "[]",
        " ",
        "{\"instances\":[]}",
        "[[1,2,3]] ]",
        "[[1,2,3],[4,5,6],[[[]]]]",
        "{\"x\":[1,\"\x01\",tru,\"\xff\"],\"data\":[[1,2,3]]}",
        R"({"columns":["age","mass",[],"time"],"data":[[1,2,3]]})",
        R"({"data":[[3,"\"]",1,2],[6,"\\",4,5]],"index":[0],"columns":["time","x","age","mass"]})",
        R"({"data":[[3,1,2],[6,4,"x"]],"columns":["time","age","mass"],"k":"v"})",
        R"({"data":[[3,1,2],[6,4,tru]],"columns":["time","age","mass"]})",
        R"({"data":[[3,1,2]],"columns":["time","age",2,"mass"]})",
        R"({"data":{"features":{"values":[1.5, 16, 14]}},"k":{}})",
        R"({"features":{"values":[1.5, 16]}})",
        R"({"data":[1,2,3]})",
        R"({"data":[[1,2,3]],"columns":["time","age"})",
        R"({"data":[[1,2,3]])",
        R"({"data":[])"}) {
    const Outcome whole = decoded(payload);
    for (size_t a = 0; a <= payload.size(); ++a) {
      for (size_t b = a; b <= payload.size(); ++b) {
        ASSERT_TRUE(same(decode(decoder_, 3, payload, {a, b}), whole))
            << payload << " cut at " << a << " and " << b;
      }
    }
  }
}

TEST_F(JsonDecoderTest, EverySliceAndBlockSizeGivesTheSameRows) {
  std::mt19937 random(61);
  std::string payload = R"({"index":[0)";
  for (int i = 1; i < 5000; ++i) {
    payload += "," + std::to_string(i);
  }
  payload += R"(],"instances":[)";
  for (int i = 0; i < 1500; ++i) {
    payload += i == 0 ? "[" : ",[";
    for (int k = 0; k < 3; ++k) {
      payload += (k == 0 ? "" : ",") + std::to_string(static_cast<double>(random()) / 1000);
    }
    payload += "]";
  }
  payload += "]}";
  const Outcome whole = decoded(payload);
  ASSERT_EQ(whole.rows.size(), 1500U) << describe(whole.error, schema_);
  for (const size_t rows_max : {1U, 7U, 64U, 1499U, 1500U}) {
    for (const size_t capacity : {1U, 3U, 64U, 1000U}) {
      ASSERT_TRUE(same(decode(decoder_, 3, payload, {}, rows_max, capacity), whole));
      ASSERT_TRUE(
          same(decode(decoder_, 3, payload, {100, 30'000, 30'001}, rows_max, capacity), whole));
    }
  }
}

TEST_F(JsonDecoderTest, RandomTextGivesTheSameWhereverItIsCut) {
  std::mt19937 random(62);
  constexpr std::string_view kAlphabet = "1234567890,,,,[[]]{}\":  \\x-.";
  const std::string_view seeds[] = {"[[1,2,3],[4,5,6],[7,8,9]]",
                                    R"({"instances":[[1,2,3],{"features":[4,5,6]}]})",
                                    R"({"columns":["age","mass","time"],"data":[[1,2,3]]})"};
  for (int i = 0; i < 5000; ++i) {
    std::string payload(seeds[random() % 3]);
    for (size_t change = random() % 3; change > 0; --change) {
      payload[random() % payload.size()] = kAlphabet[random() % kAlphabet.size()];
    }
    const Outcome whole = decoded(payload);
    const size_t cut = random() % (payload.size() + 1);
    ASSERT_TRUE(same(decode(decoder_, 3, payload, {cut}), whole)) << payload << " cut at " << cut;
  }
}

TEST_F(JsonDecoderTest, InstanceLengthIsBounded) {
  const size_t bytes_max = JsonDecoder::instance_bytes_max(3);
  const std::string row = "[1,2,3]";
  const std::string fits = "[" + row + "," + std::string(bytes_max - row.size(), ' ') + row + "]";
  const std::string too_long =
      "[" + row + "," + std::string(bytes_max + 1 - row.size(), ' ') + row + "]";
  for (const std::vector<size_t>& cuts : {std::vector<size_t>{}, std::vector<size_t>{20, 5000}}) {
    EXPECT_EQ(decode(decoder_, 3, fits, cuts).rows.size(), 2U);
    const Outcome outcome = decode(decoder_, 3, too_long, cuts);
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kRowTooLong);
    EXPECT_EQ(outcome.error.row, 2U);
  }
}

TEST(JsonOutputs, AreNamesWhereverTheyStandAndHoweverThePayloadIsCut) {
  const data::Schema schema = schema_of({"a", "b"});
  JsonDecoder decoder(schema);
  const auto outputs_of = [&](std::string_view payload) {
    const Outcome whole = decode(decoder, 2, payload);
    EXPECT_EQ(whole.error.code, DecodeErrorCode::kNone) << describe(whole.error, schema);
    const auto outputs = decoder.outputs();
    const std::string text = outputs ? std::string(*outputs) : "none";
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder, 2, payload, {cut}), whole)) << cut;
      EXPECT_EQ(decoder.outputs().value_or("none"), text) << cut;
    }
    return text;
  };
  EXPECT_EQ(outputs_of(R"({"instances":[[1,2]],"outputs":["labels", "probability"]})"),
            "labels,probability");
  EXPECT_EQ(outputs_of(R"({"outputs":"labels, probability","instances":[[1,2],[3,4]]})"),
            "labels, probability");
  EXPECT_EQ(outputs_of(R"({"outputs":[],"instances":[[1,2]]})"), "");
  EXPECT_EQ(outputs_of(R"({"outputs":"","instances":[[1,2]]})"), "");
  EXPECT_EQ(outputs_of(R"({"outputs":null,"instances":[[1,2]]})"), "none");
  EXPECT_EQ(outputs_of(R"({"instances":[{"features":[1,2],"outputs":["x"]}]})"), "none");
  EXPECT_EQ(outputs_of(R"([[1,2]])"), "none") << "the next payload says nothing of its own";
}

TEST(JsonOutputs, ASecondMemberOfThatNameIsRefused) {
  const data::Schema schema = schema_of({"age", "mass"});
  JsonDecoder decoder(schema);
  const std::string rows = R"("instances":[[1,2]])";
  for (const char* first :
       {R"("outputs":"labels")", R"("outputs":["labels"])", R"("outputs":null)"}) {
    for (const char* second : {R"("outputs":"probability")", R"("outputs":[])"}) {
      for (const std::string& payload :
           {'{' + (first + (',' + rows) + ',') + second + '}',
            '{' + (first + std::string(",") + second + ',') + rows + '}',
            '{' + (rows + ',' + first + ',') + second + '}'}) {
        for (size_t cut = 0; cut < payload.size(); ++cut) {
          EXPECT_EQ(describe(decode(decoder, 2, payload, {cut}).error, schema)
                        .find("\"outputs\" stands there twice"),
                    0U)
              << payload << " cut at " << cut;
        }
      }
    }
  }
}

TEST(JsonOutputs, NothingButNamesIsRefused) {
  const data::Schema schema = schema_of({"a", "b"});
  JsonDecoder decoder(schema);
  for (const char* outputs : {"1", "{}", "true", "[1]", "[[\"labels\"]]", "[{\"name\":\"x\"}]"}) {
    for (const bool first : {false, true}) {
      const std::string member = "\"outputs\":" + std::string(outputs);
      const std::string payload = first ? "{" + member + ",\"instances\":[[1,2]]}"
                                        : "{\"instances\":[[1,2]]," + member + "}";
      const Outcome outcome = decode(decoder, 2, payload);
      EXPECT_EQ(describe(outcome.error, schema),
                "\"outputs\" holds more than names; it is one name, or a list of names.")
          << payload;
    }
  }
}

}  // namespace
}  // namespace ringmaker::codec
