#include "codec/tensors/tensor_decoder.h"

#include "tests/codec/decoding.h"
#include "wire/little_endian.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string tensor(std::string_view shape, std::string_view type, std::string_view data,
                   std::string_view name = "x") {
  return R"({"name":")" + std::string(name) + R"(","shape":)" + std::string(shape) +
         R"(,"datatype":")" + std::string(type) + R"(","data":)" + std::string(data) + '}';
}

std::string inputs(std::string_view tensors) {
  return "{\"inputs\":[" + std::string(tensors) + "]}";
}

template <class T>
std::string bytes(const std::vector<T>& values) {
  std::string text(values.size() * sizeof(T), '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    wire::store_little_endian(text.data() + i * sizeof(T), values[i]);
  }
  return text;
}

class TensorDecoderTest : public testing::Test {
 protected:
  explicit TensorDecoderTest(data::Schema schema = schema_of({"age", "mass", "time"}))
      : schema_(std::move(schema)) {}

  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  Outcome read(std::string_view payload, const PayloadOptions& options = {}) {
    const Outcome whole = decode(decoder_, 3, payload, {}, SIZE_MAX, 1000, options);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, SIZE_MAX, 1000, options), whole))
          << payload << " at " << cut;
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, 1, 2, options), whole))
          << payload << " at " << cut;
    }
    return whole;
  }
  void expect_rows(std::string_view payload, const Rows& rows) {
    const Outcome outcome = read(payload);
    EXPECT_TRUE(same(outcome, {rows, {}})) << payload << ": " << describe(outcome.error, schema_);
  }
  void expect_error(std::string_view payload, std::string_view sentence) {
    EXPECT_EQ(describe(read(payload).error, schema_), sentence) << payload;
  }
  /// JSON and the bytes behind it.
  Outcome read_binary(const std::string& json, const std::string& behind) {
    return read(json + behind, {.json_bytes = json.size()});
  }

  data::Schema schema_;
  TensorDecoder decoder_{schema_};
};

TEST_F(TensorDecoderTest, DataMayBeFlatOrNested) {
  const Rows rows = {{1, 2, 3}, {4, 5, 6}};
  expect_rows(inputs(tensor("[2,3]", "FP32", "[1,2,3,4,5,6]")), rows);
  expect_rows(inputs(tensor("[2,3]", "FP32", "[[1,2,3],[4,5,6]]")), rows);
  expect_rows(inputs(tensor(" [ 2 , 3 ] ", "FP64", " [ [ 1 , 2 , 3 ] , [ 4 , 5 , 6 ] ] ")), rows);
  expect_rows(inputs(tensor("[3]", "INT64", "[1,2,3]")), {{1, 2, 3}});
  expect_rows(inputs(tensor("[1,3]", "FP32", "[null,NaN,-Infinity]")),
              {{kNan, kNan, -std::numeric_limits<float>::infinity()}});
}

TEST_F(TensorDecoderTest, MembersStandInAnyOrder) {
  expect_rows(R"({"outputs":[],"x":{"inputs":[1]},"inputs":[{"data":[1,2,3],"more":[[{}]],)"
              R"("datatype":"FP32","shape":[1,3],"name":"n"}],"parameters":{"a":[1]}})",
              {{1, 2, 3}});
  expect_rows(R"({"inputs":[{"data":[[1,2,3]],"datatype":"FP32","shape":[1,3]}]})", {{1, 2, 3}});
}

TEST_F(TensorDecoderTest, AFeatureMayBeATensorOfItsOwn) {
  const std::string age = tensor("[2]", "INT64", "[1,4]", "age");
  const std::string mass = tensor("[2,1]", "FP32", "[[2.5],[5.5]]", "mass");
  const std::string time = tensor("[2,1]", "BOOL", "[true,false]", "time");
  const std::string other = tensor("[2]", "FP32", "[8,9]", "label");
  expect_rows(inputs(age + ',' + mass + ',' + time), {{1, 2.5, 1}, {4, 5.5, 0}});
  expect_rows(inputs(time + ',' + age + ',' + mass), {{1, 2.5, 1}, {4, 5.5, 0}});
  const Outcome ignored = read(inputs(time + ',' + other + ',' + age + ',' + mass));
  EXPECT_EQ(ignored.rows.size(), 2U);
  EXPECT_TRUE(ignored.ignored_columns);
  expect_error(inputs(age + ',' + mass),
               "\"inputs\" lacks the feature \"time\"; send one tensor of shape [rows, 3], or one "
               "of shape [rows] for each feature, named like it.");
  expect_error(inputs(age + ',' + age), "tensor \"age\": it is there twice.");
  expect_error(inputs(age + ',' + tensor("[3]", "FP32", "[1,2,3]", "mass")),
               "tensor \"mass\": it has 3 rows, others have 2.");
  expect_error(inputs(age + ',' + tensor("[2]", "INT8", "[1,200]", "mass")),
               "row 2 \"mass\": \"200\" is no value of the tensor's datatype, INT8; null stands "
               "for a missing one.");
  expect_error(inputs(tensor("[1,3]", "FP32", "[1,2,3]") + ',' + age),
               "tensor \"age\": it stands beside one that holds whole rows.");
}

TEST_F(TensorDecoderTest, ValuesAreThoseOfTheirDatatype) {
  const std::vector<std::pair<const char*, const char*>> good = {
      {"BOOL", "true"},   {"BOOL", "1"},      {"INT8", "-128"},
      {"UINT8", "255"},   {"INT16", "32767"}, {"UINT16", "65535"},
      {"INT32", "-7.0"},  {"UINT32", "1e3"},  {"INT64", "9007199254740993"},
      {"UINT64", "1e19"}, {"FP32", "0.1"},    {"FP64", "1e-300"}};
  for (const auto& [type, value] : good) {
    EXPECT_EQ(read(inputs(tensor("[1,3]", type, "[0,1," + std::string(value) + "]"))).error.code,
              DecodeErrorCode::kNone)
        << type << ' ' << value;
  }
  const std::vector<std::pair<const char*, const char*>> bad = {
      {"BOOL", "2"},    {"INT8", "128"},   {"UINT8", "-1"}, {"INT64", "1.5"},
      {"FP32", "true"}, {"FP32", "\"1\""}, {"INT32", "3e9"}};
  for (const auto& [type, value] : bad) {
    const Outcome outcome =
        read(inputs(tensor("[2,3]", type, "[0,1,0,1," + std::string(value) + ",1]")));
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kTensorValue) << type << ' ' << value;
    EXPECT_EQ(outcome.error.row, 2U);
    EXPECT_EQ(outcome.error.column, 2U);
    EXPECT_EQ(outcome.rows.size(), 1U);  // before it
  }
  EXPECT_EQ(read(inputs(tensor("[1,3]", "FP32", "[0,1,1e39]"))).error.code,
            DecodeErrorCode::kNumberRange);
}

TEST_F(TensorDecoderTest, MarkersStandForMissingValues) {
  schema_.missing_markers = {"-9"};
  TensorDecoder decoder(schema_);
  const Outcome outcome = decode(decoder, 3, inputs(tensor("[1,3]", "INT8", "[1,-9,3]")));
  EXPECT_TRUE(same(outcome, {{{1, kNan, 3}}, {}}));
}

TEST_F(TensorDecoderTest, WhatIsWrongIsSaid) {
  expect_error("[]", "the payload is no object with \"inputs\".");
  expect_error("{}", "the object has no \"inputs\".");
  expect_error("", "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error(R"({"inputs":3})", "\"inputs\" is no array.");
  expect_error(R"({"inputs":[3]})", "\"inputs\" holds something that is no tensor.");
  expect_error(R"({"inputs":[],"inputs":[]})", "the payload has \"inputs\" twice.");
  expect_error(R"({"id":7,"inputs":[]})", "\"id\" is no text.");
  expect_error(inputs(R"({"name":"x"})"), "tensor \"x\": it has no \"shape\".");
  expect_error(inputs(R"({"name":"x","shape":[1,3],"datatype":"FP32"})"),
               "tensor \"x\": it has neither \"data\" nor a \"binary_data_size\".");
  expect_error(
      inputs(R"({"name":"x","shape":[2,3],"shape":[1,3],"datatype":"FP32","data":[1,2,3]})"),
      "tensor \"x\": it has \"shape\" twice.");
  expect_error(
      inputs(R"({"name":"x","datatype":"BOOL","datatype":"FP32","shape":[1,3],"data":[1,2,3]})"),
      "tensor \"x\": it has \"datatype\" twice.");
  expect_error(inputs(tensor("[[1,3]]", "FP32", "[1,2,3]")),
               "tensor \"x\": its \"shape\" is no list of whole numbers from 0 to 2^53.");
  expect_error(inputs(tensor("[1,3]", "STRING", "[1,2,3]")),
               "tensor \"x\": its datatype is none of BOOL, (U)INT8 to (U)INT64, FP16 to FP64, "
               "BF16, BYTES.");
  expect_error(inputs(tensor("[1,3]", "BYTES", R"(["1","2","3"])")),
               "tensor \"x\": column 1 \"age\": BYTES are texts, but this feature is a number.");
  expect_error(inputs(tensor("[2,4]", "FP32", "[1,2,3]")),
               "tensor \"x\": its shape is [2, 4], expected is [rows, 3] or a feature's [rows].");
  expect_error(inputs(tensor("[2,3]", "FP32", "[1,2,3,4]")),
               "tensor \"x\": it has 4 values, its shape says 6.");
  expect_error(inputs(tensor("[1,3]", "FP32", "[1,2,3,4,5,6]")),
               "tensor \"x\": it has more values than its shape says.");
  expect_error(inputs(tensor("[2,3]", "FP32", "[[1,2,3],[4,5]]")),
               "row 2 has 2 values, the model expects 3 (age, mass, time).");
  expect_error(inputs(tensor("[2,3]", "FP32", "[[1,2,3],4]")),
               "tensor \"x\": row 2: a value stands where a row should be.");
  expect_error(inputs(tensor("[0,3]", "FP32", "[]")),
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error(R"({"inputs":[],"outputs":[{"a":1}]})",
               "\"outputs\" holds something without a \"name\".");
}

TEST_F(TensorDecoderTest, EveryTruncationIsAnError) {
  const std::string payload =
      R"({"id":"a","inputs":[)" + tensor("[2,3]", "FP32", "[[1,2,3],[4,5,6]]") + "]}";
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_NE(decode(decoder_, 3, payload.substr(0, size)).error.code, DecodeErrorCode::kNone)
        << size;
  }
}

TEST_F(TensorDecoderTest, ValuesMayFollowAsBytes) {
  const std::string rows = inputs(
      R"({"name":"x","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}})");
  EXPECT_TRUE(
      same(read_binary(rows, bytes<float>({1, 2, 3, 4, 5, 6})), {{{1, 2, 3}, {4, 5, 6}}, {}}));
  const std::string columns = inputs(
      R"({"name":"age","shape":[2],"datatype":"INT16","parameters":{"binary_data_size":4}},)" +
      tensor("[2]", "FP32", "[7,8]", "time") +
      R"(,{"name":"mass","shape":[2],"datatype":"FP64","parameters":{"binary_data_size":16}})");
  EXPECT_TRUE(same(read_binary(columns, bytes<int16_t>({-1, 2}) + bytes<double>({0.5, 3})),
                   {{{-1, 0.5, 7}, {2, 3, 8}}, {}}));
}

TEST_F(TensorDecoderTest, ParametersOfAnotherKindAreSaid) {
  const auto with = [](std::string_view parameters) {
    return inputs(R"({"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3],"parameters":{)" +
                  std::string(parameters) + "}}");
  };
  expect_error(with(R"("binary_data_size":"x")"),
               "tensor \"x\": \"binary_data_size\" is no whole number.");
  expect_error(with(R"("binary_data_size":1.5)"),
               "tensor \"x\": \"binary_data_size\" is no whole number.");
  const std::string tensors = inputs(tensor("[1,3]", "FP32", "[1,2,3]"));
  const auto more = [&](const std::string& member) {
    return tensors.substr(0, tensors.size() - 1) + "," + member + "}";
  };
  for (const char* value : {R"("x")", "1", "[true]", "{}"}) {
    expect_error(more(fmt::format(R"("parameters":{{"binary_data_output":{}}})", value)),
                 "\"binary_data_output\" is neither true nor false.");
    expect_error(
        more(fmt::format(R"("outputs":[{{"name":"o","parameters":{{"binary_data":{}}}}}])", value)),
        "\"binary_data\" is neither true nor false.");
  }
  EXPECT_EQ(describe(read(more(R"("parameters":{"other":"x","binary_data_output":null})")).error,
                     schema_),
            "no error.");
}

TEST_F(TensorDecoderTest, BytesThatAreNotAsAnnouncedAreSaid) {
  const std::string rows = inputs(
      R"({"name":"x","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}})");
  const std::string six = bytes<float>({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(describe(read_binary(rows, six.substr(0, 23)).error, schema_),
            "row 2: the payload ends before the tensor \"x\" is complete (byte 117).");
  EXPECT_EQ(describe(read_binary(rows, six.substr(0, 23)).error, schema_, true),
            "row 2: the payload ends before the tensor is complete (byte 117).");
  EXPECT_EQ(describe(read_binary(rows, six + "x").error, schema_),
            "more bytes follow than its tensors have.");
  EXPECT_EQ(describe(read(rows).error, schema_),
            "tensor \"x\": its bytes need the header field Inference-Header-Content-Length.");
  const std::string wrong = inputs(
      R"({"name":"x","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":20}})");
  EXPECT_EQ(describe(read_binary(wrong, six).error, schema_),
            "tensor \"x\": its binary_data_size is 20, which is not what its shape and datatype "
            "say.");
  EXPECT_EQ(read(rows, {.json_bytes = rows.size() + 1}).error.code, DecodeErrorCode::kTruncated);
  EXPECT_EQ(read(rows, {.json_bytes = 5}).error.code, DecodeErrorCode::kJsonSyntax);
  const std::string double_row = inputs(
      R"({"name":"x","shape":[1,3],"datatype":"FP64","parameters":{"binary_data_size":24}})");
  EXPECT_EQ(describe(read_binary(double_row, bytes<double>({1, 1e300, 2})).error, schema_),
            "row 1, column 2 \"mass\": \"1e+300\" is too large for a 32-bit float.");
}

/// Each behind its length.
std::string texts(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += bytes<uint32_t>({static_cast<uint32_t>(value.size())}) + value;
  }
  return text;
}

std::string head_of(std::string_view name, std::string_view shape, std::string_view type,
                    size_t bytes) {
  return fmt::format(
      R"({{"name":"{}","shape":{},"datatype":"{}","parameters":{{"binary_data_size":{}}}}})", name,
      shape, type, bytes);
}

data::Schema schema_of_texts(std::vector<std::vector<std::string>> texts,
                             std::vector<bool> text_features) {
  data::Schema schema = schema_of({"age", "mass", "time"});
  schema.category_names = std::move(texts);
  schema.text_features = std::move(text_features);
  return schema;
}

/// Models some of whose features are texts.
class TensorsOfTexts : public TensorDecoderTest {
 protected:
  TensorsOfTexts()
      : TensorDecoderTest(
            schema_of_texts({{"red", "", "a,b", "\u00e9"}, {}, {"L"}}, {true, false, true})) {}

  const std::string mass_ = tensor("[2]", "FP32", "[1.5,2.5]", "mass");
};

TEST_F(TensorsOfTexts, AreStrings) {
  const std::string size = tensor("[2,1]", "BYTES", R"([["L"],["l"]])", "time");
  expect_rows(
      inputs(tensor("[2]", "BYTES", R"( [ "a,b" , "red" ] )", "age") + ',' + mass_ + ',' + size),
      {{2, 1.5, 0}, {0, 2.5, -1}});
  expect_rows(inputs(size + ',' + tensor("[2]", "BYTES", R"(["","\u00e9"])", "age") + ',' + mass_),
              {{1, 1.5, 0}, {3, 2.5, -1}});
  expect_rows(inputs(R"({"data":["a,b","\"],"],"datatype":"BYTES","shape":[2],"name":"age"},)" +
                     mass_ + ',' + size),
              {{2, 1.5, 0}, {-1, 2.5, -1}});
}

TEST_F(TensorsOfTexts, FollowAsBytesToo) {
  const std::string age = texts({"a,b", ""});
  const std::string size = texts({"L", "large"});
  const std::string json = inputs(head_of("age", "[2]", "BYTES", age.size()) + ',' + mass_ + ',' +
                                  head_of("time", "[2,1]", "BYTES", size.size()));
  EXPECT_TRUE(same(read_binary(json, age + size), {{{2, 1.5, 0}, {1, 2.5, -1}}, {}}));
}

/// Models all of whose features are texts.
class TensorsOfTextsAlone : public TensorDecoderTest {
 protected:
  TensorsOfTextsAlone()
      : TensorDecoderTest(schema_of_texts({{"a"}, {"b"}, {"c"}}, {true, true, true})) {}
};

TEST_F(TensorsOfTextsAlone, AreWholeRows) {
  const Rows rows = {{0, -1, 0}, {-1, 0, -1}};
  for (const char* data : {R"(["a","x","c","","b",""])", R"([["a","x","c"],["","b",""]])"}) {
    expect_rows(inputs(tensor("[2,3]", "BYTES", data)), rows);
  }
  const std::string values = texts({"a", "x", "c", "", "b", ""});
  EXPECT_TRUE(
      same(read_binary(inputs(head_of("x", "[2,3]", "BYTES", values.size())), values), {rows, {}}));
}

TEST_F(TensorsOfTexts, WhatIsWrongIsSaid) {
  const std::string red = tensor("[2]", "BYTES", R"(["red","red"])", "age");
  expect_error(inputs(tensor("[1,3]", "FP32", "[1,2,3]")),
               "tensor \"x\": column 1 \"age\": this feature is a text, which comes as BYTES, in a "
               "tensor of its own.");
  expect_error(
      inputs(tensor("[2]", "INT64", "[0,1]", "age")),
      "tensor \"age\": this feature is a text, which comes as BYTES, in a tensor of its own.");
  expect_error(inputs(tensor("[2]", "BYTES", R"(["1","2"])", "mass")),
               "tensor \"mass\": BYTES are texts, but this feature is a number.");
  EXPECT_EQ(describe(read(inputs(tensor("[1,3]", "FP32", "[1,2,3]"))).error, schema_, true),
            "a tensor: column 1: this feature is a text, which comes as BYTES, in a tensor of its "
            "own.");
  for (const auto& [value, what] :
       {std::pair("7", "a number"), {"true", "a truth value"}, {"null", "null"}}) {
    const std::string sentence = std::string(what) + " stands where a text should be.";
    expect_error(inputs(tensor("[2]", "BYTES", std::string("[\"red\",") + value + "]", "age")),
                 "tensor \"age\": row 2: " + sentence);
    expect_error(inputs(tensor("[2]", "BYTES", std::string("[") + value + ",\"a,b\"]", "age")),
                 "tensor \"age\": row 1: " + sentence);
  }
  expect_error(inputs(tensor("[3]", "BYTES", R"(["red","red"])", "age")),
               "tensor \"age\": it has 2 values, its shape says 3.");
}

TEST_F(TensorsOfTexts, BytesThatAreNotAsAnnouncedAreSaid) {
  const auto sentence = [this](size_t announced, const std::string& behind) {
    const std::string json = inputs(head_of("age", "[2]", "BYTES", announced));
    return describe(read_binary(json, behind).error, schema_);
  };
  const std::string two = texts({"red", "red"});
  EXPECT_EQ(sentence(7, two),
            "tensor \"age\": its binary_data_size is 7, which is not what its shape and datatype "
            "say.");
  EXPECT_EQ(sentence(13, two),
            "tensor \"age\": row 2: its texts are longer than its binary_data_size says.");
  EXPECT_EQ(sentence(15, two + "x"),
            "tensor \"age\": its texts are shorter than its binary_data_size says.");
  EXPECT_THAT(sentence(14, two.substr(0, 9)),
              testing::StartsWith("row 2: the payload ends before"));
  EXPECT_THAT(sentence(14, texts({"red", "\xff\xff\xff"})),
              testing::StartsWith("row 2: the text is not UTF-8"));
  const uint32_t long_text = TensorBytes::kTextBytesMax + 1;
  EXPECT_EQ(sentence(long_text + 8, bytes<uint32_t>({long_text})),
            "tensor \"age\": row 1: a text of it is longer than 1 MiB.");
}

TEST_F(TensorDecoderTest, FloatsOfSixteenBitsComeAsBytesAlone) {
  const auto head = [](const char* type) {
    return inputs(R"({"name":"x","shape":[1,3],"datatype":")" + std::string(type) +
                  R"(","parameters":{"binary_data_size":6}})");
  };
  const Outcome row = {{{1, -2.5, kNan}}, {}};
  EXPECT_TRUE(same(read_binary(head("FP16"), bytes<uint16_t>({0x3c00, 0xc100, 0x7e00})), row));
  EXPECT_TRUE(same(read_binary(head("BF16"), bytes<uint16_t>({0x3f80, 0xc020, 0x7fc0})), row));
  expect_error(inputs(tensor("[1,3]", "FP16", "[1,2,3]")),
               "tensor \"x\": FP16 is not read from JSON; send its values as binary data.");
  expect_error(inputs(R"({"data":[1,2,3],"shape":[1,3],"datatype":"BF16","name":"x"})"),
               "tensor \"x\": BF16 is not read from JSON; send its values as binary data.");
}

TEST_F(TensorDecoderTest, TheAnswerIsNamedByTheRequest) {
  const std::string x = tensor("[1,3]", "FP32", "[1,2,3]");
  read(R"({"id": "a\"b" ,"inputs":[)" + x + R"(],"outputs":[{"name":"probability","parameters":)" +
       R"({"binary_data":true}},{"name":"labels"}]})");
  EXPECT_EQ(decoder_.id(), R"("a\"b")");
  EXPECT_EQ(decoder_.outputs(), "probability,labels");
  EXPECT_TRUE(decoder_.wants_bytes(0));
  EXPECT_FALSE(decoder_.wants_bytes(1));
  read(R"({"parameters":{"binary_data_output":true},"inputs":[)" + x + "]}");
  EXPECT_EQ(decoder_.outputs(), std::nullopt);
  EXPECT_TRUE(decoder_.wants_bytes(0) && decoder_.wants_bytes(1));
  read(inputs(x));
  EXPECT_FALSE(decoder_.wants_bytes(0));
  EXPECT_EQ(decoder_.id(), "");
}

TEST_F(TensorDecoderTest, ARequestThatEndsAnywhereLeavesNothingToTheNext) {
  const std::string whole = R"({"id":"7",)" + inputs(tensor("[1,3]", "FP32", "[1,2,3]")).substr(1);
  const std::string request =
      whole.substr(0, whole.size() - 1) + R"(,"outputs":[{"name":"probability"}]})";
  for (size_t size = 0; size < request.size(); ++size) {
    (void)decode(decoder_, 3, std::string_view(request).substr(0, size));
    EXPECT_TRUE(same(decode(decoder_, 3, request), {{{1, 2, 3}}, {}})) << size;
  }
}

TEST_F(TensorDecoderTest, ManyRowsComeThroughSmallBlocks) {
  constexpr size_t kRows = 20'000;
  Rows expected;
  std::string flat = "[";
  std::string nested = "[";
  std::vector<std::string> columns(3, "[");
  for (size_t i = 0; i < kRows; ++i) {
    const float base = static_cast<float>(i);
    expected.push_back({base, base + 0.5F, base + 0.25F});
    const std::string row = fmt::format("{},{},{}", expected[i][0], expected[i][1], expected[i][2]);
    const char* const comma = i > 0 ? "," : "";
    flat += comma + row;
    nested += comma + ("[" + row + "]");
    for (size_t j = 0; j < 3; ++j) {
      columns[j] += comma + fmt::format("{}", expected[i][j]);
    }
  }
  const std::string shape = fmt::format("[{},3]", kRows);
  const std::vector<std::string> payloads = {
      inputs(tensor(shape, "FP32", flat + "]")), inputs(tensor(shape, "FP32", nested + "]")),
      inputs("{\"data\":" + flat + R"(],"name":"x","datatype":"FP64","shape":)" + shape + "}"),
      inputs(tensor("[20000]", "FP32", columns[0] + "]", "age") + ',' +
             tensor("[20000]", "FP32", columns[1] + "]", "mass") + ',' +
             tensor("[20000]", "FP32", columns[2] + "]", "time"))};
  for (const std::string& payload : payloads) {
    std::vector<size_t> cuts;
    for (size_t at = 0; at < payload.size(); at += 32'768) {
      cuts.push_back(at);
    }
    EXPECT_TRUE(same(decode(decoder_, 3, payload, cuts, SIZE_MAX, 100), {expected, {}}));
    EXPECT_TRUE(same(decode(decoder_, 3, payload, {}, 7, 5000), {expected, {}}));
  }
}

TEST_F(TensorDecoderTest, WhatGathersIsBounded) {
  const std::string many = tensor("[3000000]", "FP32", "[1]", "age");
  expect_error(inputs(many),
               "tensor \"age\": tensors of so many rows are over 64 MiB; send one of whole rows.");
  const std::string name(70'000, 'n');
  EXPECT_EQ(describe(decode(decoder_, 3, inputs(tensor("[1,3]", "FP32", "[1,2,3]", name))).error,
                     schema_),
            "a member other than \"data\" is longer than 64 KiB.");
  const std::string blank(TensorDecoder::row_bytes_max(3) + 1, ' ');
  const std::string wide = inputs(tensor("[1,3]", "FP32", "[1," + blank + "2,3]"));
  EXPECT_EQ(decode(decoder_, 3, wide).error.code, DecodeErrorCode::kRowTooLong);
}

}  // namespace
}  // namespace ringmaker::codec
