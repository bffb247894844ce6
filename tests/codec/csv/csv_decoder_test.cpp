#include "codec/csv/csv_decoder.h"

#include "data/block_writer.h"
#include "data/dense_block.h"
#include "tests/codec/decoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

class CsvDecoderTest : public testing::Test {
 protected:
  Outcome decoded(std::string_view payload) { return decode(decoder_, 3, payload); }
  Outcome decode_as(const PayloadOptions& options, std::string_view payload) {
    return decode(decoder_, 3, payload, {}, SIZE_MAX, 1000, options);
  }
  void expect_rows(std::string_view payload, const Rows& rows) {
    const Outcome outcome = decoded(payload);
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kNone) << payload;
    EXPECT_TRUE(same(outcome, {rows, {}, outcome.ignored_columns})) << payload;
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  CsvDecoder decoder_{schema_};
};

TEST_F(CsvDecoderTest, RowsInEveryDialect) {
  const Rows rows = {{1.5, 2, 3}, {2.5, 1e-3F, 4}};
  for (const std::string_view payload :
       {"1.5,2,3\n2.5,1e-3,4", "1.5,2,3\n2.5,1e-3,4\n", "1.5,2,3\r\n2.5,1e-3,4\r\n",
        "\uFEFF1.5,2,3\n2.5,1e-3,4", "1.5;2;3\n2.5;1e-3;4", "1.5\t2\t3\n2.5\t1e-3\t4",
        "1.5|2|3\n2.5|1e-3|4\n", "\"1.5\",\"2\",3\n2.5,\"1e-3\",\"4\"\r\n",
        " 1.5 , 2,3 \n 2.5,1e-3 ,4", "\n\n1.5,2,3\n\r\n2.5,1e-3,4\n\n\n",
        "age,mass,time\n1.5,2,3\n2.5,1e-3,4",
        "\uFEFF\"age\",\"mass\",\"time\"\r\n1.5,2,3\r\n2.5,1e-3,4",
        "age;mass;time\n1.5;2;3\n2.5;1e-3;4"}) {
    expect_rows(payload, rows);
  }
}

TEST_F(CsvDecoderTest, MissingValuesAreNan) {
  expect_rows(",nan,NaN\nNA,null,\"\"\n1,,",
              {{kNan, kNan, kNan}, {kNan, kNan, kNan}, {1, kNan, kNan}});
}

TEST_F(CsvDecoderTest, HeaderColumnsAreMatchedByName) {
  expect_rows("time,age,mass\n3,1,2\n6,4,5\n", {{1, 2, 3}, {4, 5, 6}});
  EXPECT_FALSE(decoder_.ignored_columns());
  expect_rows("id,mass,\"note, long\",time,age\n7,2,\"x, \"\"y\"\"\n\",3,1\n", {{1, 2, 3}});
  EXPECT_TRUE(decoder_.ignored_columns());
  expect_rows("2024,age,mass,time\n0,1,2,3\n", {{1, 2, 3}});
}

TEST_F(CsvDecoderTest, AHeaderThatIsDeclaredIsOneWhateverItLooksLike) {
  const auto declared = [&](std::string_view payload, bool header) {
    return decode_as({.header = header}, payload);
  };
  EXPECT_TRUE(same(declared("0,1,2\n4,5,6\n", true), {{{4, 5, 6}}, {}, false}));
  EXPECT_TRUE(same(declared("time,age,mass\n3,1,2\n", true), {{{1, 2, 3}}, {}, false}));
  EXPECT_EQ(describe(declared("7,8,9\n4,5,6\n", true).error, schema_),
            "the header lacks the column \"age\"; the model expects 3 (age, mass, time). (A first "
            "line without numbers is read as a header.)");
  EXPECT_EQ(describe(declared("0,1,2\n", true).error, schema_),
            "the payload holds a header but no rows; the model expects rows of 3 (age, mass, "
            "time).");
  EXPECT_EQ(declared("\"0,1,2\n4,5,6\n", true).error.code, DecodeErrorCode::kUnclosedQuote);
  EXPECT_TRUE(same(declared("0,1,2\n4,5,6\n", false), {{{0, 1, 2}, {4, 5, 6}}, {}, false}));
  const DecodeError error = declared("age,mass,time\n1,2,3\n", false).error;
  EXPECT_EQ(error.code, DecodeErrorCode::kNotANumber);
  EXPECT_EQ(error.row, 1U);
}

TEST(CsvDecoder, ADeclarationDecidesWhereAHeaderWouldPassForTexts) {
  data::Schema schema = schema_of({"red", "blue"});
  schema.text_features = {true, true};
  schema.category_names = {{"red", "a"}, {"blue", "b"}};
  CsvDecoder decoder(schema);
  EXPECT_TRUE(same(decode(decoder, 2, "red,blue\na,b\n"), {{{1, 1}}, {}, false}));
  EXPECT_TRUE(same(decode(decoder, 2, "red,blue\na,b\n", {}, SIZE_MAX, 1000, {.header = false}),
                   {{{0, 0}, {1, 1}}, {}, false}));
}

class CsvDecoderOfTexts : public testing::Test {
 protected:
  CsvDecoderOfTexts() : schema_(schema_of({"colour", "size"})) {
    schema_.text_features = {true, true};
    schema_.category_names = {{"red", "blue"}, {"S", "L"}};
  }
  Outcome read(std::string_view payload, const PayloadOptions& options = {}) {
    CsvDecoder decoder(schema_);
    return decode(decoder, 2, payload, {}, SIZE_MAX, 1000, options);
  }
  data::Schema schema_;
};

TEST_F(CsvDecoderOfTexts, AHeaderThatNamesSomeFeaturesIsNoRow) {
  for (const char* header :
       {"colour,width", "width,size", "Colour,SIZE", "id,colour,width", "colour"}) {
    EXPECT_EQ(read(std::string(header) + "\nred,L\n").error.code, DecodeErrorCode::kUnknownColumn)
        << header;
  }
  EXPECT_EQ(
      describe(read("colour,Size\nred,L\n").error, schema_),
      "the header lacks the column \"size\", but names \"Size\"; the model expects 2 (colour, "
      "size). (A first line without numbers is read as a header.)");
}

TEST_F(CsvDecoderOfTexts, ARowHasTextsThatTheModelKnowsOrNoNames) {
  EXPECT_TRUE(same(read("red,L\ncolour,width\n"), {{{0, 1}, {-1, -1}}, {}, false}))
      << "behind the first line nothing is a header";
  EXPECT_TRUE(same(read("size,L\n"), {{{-1, 1}}, {}, false})) << "L is a size";
  EXPECT_TRUE(same(read("green,XL\n"), {{{-1, -1}}, {}, false}));
  EXPECT_TRUE(same(read("green,SIZE\n"), {{{-1, -1}}, {}, false}));
  EXPECT_TRUE(same(read("colour,width\n", {.header = false}), {{{-1, -1}}, {}, false}));
}

TEST_F(CsvDecoderOfTexts, WhereEveryLineIsARowAHeaderIsAnErrorOrMarked) {
  PayloadOptions options{.every_line_is_a_row = true};
  EXPECT_EQ(read("colour,width\nred,L\n", options).error.code, DecodeErrorCode::kUnknownColumn);
  options.mark_records_in_error = true;
  EXPECT_EQ(read("colour,width\nred,L\n", options).error.code, DecodeErrorCode::kUnknownColumn);
  const Outcome marked = read("Colour,Size\nred,L\n", options);
  EXPECT_EQ(marked.error.code, DecodeErrorCode::kNone);
  EXPECT_EQ(marked.rows.size(), 2U) << "the header's line is one, marked";
}

TEST_F(CsvDecoderTest, WhereEveryLineIsARowADeclaredHeaderIsAnErrorOrMarked) {
  PayloadOptions options{.header = true, .every_line_is_a_row = true};
  EXPECT_EQ(decode_as(options, "0,1,2\n4,5,6\n").error.code, DecodeErrorCode::kUnmarkedHeader);
  options.mark_records_in_error = true;
  const Outcome marked = decode_as(options, "0,1,2\n4,5,6\n");
  EXPECT_EQ(marked.error.code, DecodeErrorCode::kNone);
  EXPECT_EQ(marked.rows.size(), 2U) << "the header's line is one, marked";
}

TEST(CsvDecoder, AColumnWithoutANameIsFoundByItsPlaceAsInTraining) {
  const data::Schema schema = schema_of({"column_0", "a", "column_3"});
  CsvDecoder decoder(schema);
  EXPECT_TRUE(
      same(decode(decoder, 3, ",y,a,\n0,x,2,3\n1,y,5,6\n"), {{{0, 2, 3}, {1, 5, 6}}, {}, true}));
  EXPECT_TRUE(same(decode(decoder, 3, "\"\",y,a,column_3\n0,x,2,3\n"), {{{0, 2, 3}}, {}, true}));
  const DecodeError twice = decode(decoder, 3, ",column_0,a,\n0,1,2,3\n").error;
  EXPECT_EQ(twice.code, DecodeErrorCode::kDuplicateColumn);
  const DecodeError elsewhere = decode(decoder, 3, "a,,y,\n0,1,2,3\n").error;
  EXPECT_EQ(elsewhere.code, DecodeErrorCode::kUnknownColumn);
  EXPECT_STREQ(elsewhere.text.data(), "column_0");
}

TEST_F(CsvDecoderTest, AHeaderThatNearlyNamesAFeatureIsToldSo) {
  const auto near = [&](std::string_view payload) {
    return std::string(decoded(payload).error.near.data());
  };
  EXPECT_EQ(near("age,Mass,time\n1,2,3\n"), "Mass");
  EXPECT_EQ(near("age,mass,times\n1,2,3\n"), "times");
  EXPECT_EQ(near("age,mass,place\n1,2,3\n"), "");
  EXPECT_EQ(near("age,mass,\"" + std::string(100'000, 't') + "\"\n1,2,3\n"), "");
  EXPECT_EQ(decoded("age,mass,time\n1,2\n").error.near.front(), '\0') << "of the payload before";
}

TEST_F(CsvDecoderTest, AHeaderThatNamesAFeatureTwiceIsRefused) {
  data::Schema schema = schema_of({"age", "mass"});
  CsvDecoder decoder(schema);
  const DecodeError error = decode(decoder, 2, "age,mass,age\n1,2,3\n").error;
  EXPECT_EQ(error.code, DecodeErrorCode::kDuplicateColumn);
  EXPECT_EQ(error.column, 3U);
  EXPECT_EQ(describe(error, schema), "column 3: \"age\" is given twice.");
}

TEST(CsvDecoder, AModelWithoutNamesTakesColumnsByPosition) {
  data::Schema schema = schema_of({"f0", "f1"});
  schema.features_named = false;
  CsvDecoder decoder(schema);
  EXPECT_TRUE(same(decode(decoder, 2, "mass,time\n1,2\n"), {{{1, 2}}, {}, false}));
  const DecodeError wide = decode(decoder, 2, "mass,time,note\n1,2,3\n").error;
  EXPECT_EQ(wide.code, DecodeErrorCode::kTooManyColumns);
  EXPECT_EQ(describe(wide, schema),
            "the header has 3 columns, the model, which knows no names, expects 2.");
  EXPECT_EQ(decode(decoder, 2, "f0\n1\n").error.code, DecodeErrorCode::kTooFewColumns);
}

TEST(CsvDecoder, NamesThatAreNumbersAreAHeaderInTheModelsOrder) {
  const data::Schema schema = schema_of({"0", "1", "2", "3"});
  CsvDecoder decoder(schema);
  for (const char* header : {"0,1,2,3\n", "\"0\",\"1\",\"2\",\"3\"\n", "0;1;2;3\n"}) {
    const char separator = header[1] == ';' ? ';' : ',';
    std::string payload = std::string(header) + "10,11,12,13\n";
    std::ranges::replace(payload, ',', separator);
    EXPECT_TRUE(same(decode(decoder, 4, payload), {{{10, 11, 12, 13}}, {}, false})) << header;
  }
  EXPECT_TRUE(
      same(decode(decoder, 4, "3,2,1,0\n0,1,2,3\n"), {{{3, 2, 1, 0}, {0, 1, 2, 3}}, {}, false}))
      << "in another order they may well be values";
  PayloadOptions declared;
  declared.header = true;
  EXPECT_TRUE(same(decode(decoder, 4, "3,2,1,0\n10,11,12,13\n", {}, SIZE_MAX, 1000, declared),
                   {{{13, 12, 11, 10}}, {}, false}));
}

TEST(CsvDecoder, WhatOtherToolsWriteForAMissingValueIsNoName) {
  data::Schema schema = schema_of({"f0", "f1"});
  schema.features_named = false;
  CsvDecoder decoder(schema);
  for (const char* row : {"?,?", "-,-", "n/a,N/A", "#N/A,<NA>", "None,none", "?,n/a", "\\N,\\N",
                          "null,\\N", "foo,?"}) {
    const DecodeError error = decode(decoder, 2, std::string(row) + "\n1,2\n").error;
    EXPECT_EQ(error.code, DecodeErrorCode::kNotANumber) << row;
    EXPECT_EQ(error.row, 1U) << row;
  }
}

TEST(CsvDecoder, OfOneOrTwoFeaturesRowsMayWellBeTheirNames) {
  const data::Schema schema = schema_of({"0", "1"});
  CsvDecoder decoder(schema);
  EXPECT_TRUE(same(decode(decoder, 2, "1,0\n0,1\n"), {{{1, 0}, {0, 1}}, {}, false}));
}

TEST(CsvDecoder, AHeaderOfPlacesIsMatchedByPosition) {
  const data::Schema schema = schema_of({"age", "mass", "time"});
  CsvDecoder decoder(schema);
  EXPECT_TRUE(same(decode(decoder, 3, "f0,f1,f2\n1,2,3\n"), {{{1, 2, 3}}, {}, false}));
  EXPECT_TRUE(
      same(decode(decoder, 3, "Column_0,Column_1,Column_2\n1,2,3\n"), {{{1, 2, 3}}, {}, false}));
  for (const char* other : {"f1,f0,f2\n1,2,3\n", "f0,f1\n1,2\n", "f0,f1,f2,f3\n1,2,3,4\n",
                            "f1,f2,f3\n1,2,3\n", "f0,f1,mass\n1,2,3\n", "f0,f1,f2x\n1,2,3\n"}) {
    EXPECT_EQ(decode(decoder, 3, other).error.code, DecodeErrorCode::kUnknownColumn) << other;
  }
}

TEST(CsvDecoder, TheTextOfACategoryIsItsCode) {
  data::Schema schema = schema_of({"colour", "mass", "size"});
  schema.category_names = {{"red", "dark, red"}, {}, {"S", "L"}};
  CsvDecoder decoder(schema);
  const Rows rows = {{1, 2.5, 0}, {0, 3, 1}, {1, 4, kNan}};
  const std::string_view text = "\"dark, red\",2.5,S\nred,3,L\n1,4,\n";
  EXPECT_TRUE(same(decode(decoder, 3, text), {rows, {}, false}));
  EXPECT_TRUE(
      same(decode(decoder, 3, "colour,mass,size\n" + std::string(text)), {rows, {}, false}));
  EXPECT_TRUE(same(decode(decoder, 3, "size,colour,mass\nL,red,1\n"), {{{0, 1, 1}}, {}, false}));
  const Outcome unknown = decode(decoder, 3, "red,1,S\ngreen,1,S\n");
  EXPECT_EQ(unknown.error.code, DecodeErrorCode::kNotANumber);
  EXPECT_EQ(unknown.error.row, 2U);
  EXPECT_EQ(unknown.error.column, 1U);
  EXPECT_EQ(decode(decoder, 3, "red,L,S\n").error.column, 2U);
}

TEST_F(CsvDecoderTest, ARowOfMissingValuesIsNoHeader) {
  expect_rows(",,\n", {{kNan, kNan, kNan}});
  expect_rows("NA,na,null\n1,2,3\n", {{kNan, kNan, kNan}, {1, 2, 3}});
}

TEST_F(CsvDecoderTest, ANewPayloadForgetsTheOldOne) {
  expect_rows("time;age;mass\n3;1;2\n", {{1, 2, 3}});
  expect_rows("1,2,3\n", {{1, 2, 3}});
  EXPECT_FALSE(decoder_.ignored_columns());
}

TEST_F(CsvDecoderTest, BadInputNamesRowAndColumn) {
  struct Case {
    std::string payload;
    DecodeErrorCode code;
    uint64_t row;
    uint32_t column;
    std::string text;
    uint64_t byte;
  };
  for (const Case& c : std::vector<Case>{
           {"", DecodeErrorCode::kEmptyPayload, 0, 0, "", 0},
           {"\n \r\n", DecodeErrorCode::kEmptyPayload, 0, 0, "", 0},
           {"\xEF\xBB\xBF", DecodeErrorCode::kEmptyPayload, 0, 0, "", 0},
           {"age,mass,time\n", DecodeErrorCode::kEmptyPayload, 0, 0, "header", 0},
           {"1,2\n", DecodeErrorCode::kTooFewColumns, 1, 0, "", 0},
           {"1,2,3\n\n4,5,6\n7,8\n", DecodeErrorCode::kTooFewColumns, 3, 0, "", 13},
           {"1,2,3,4\n", DecodeErrorCode::kTooManyColumns, 1, 0, "", 0},
           {"1,2,3,\n", DecodeErrorCode::kTrailingSeparator, 1, 0, "", 0},
           {"1,2,3, \r\n", DecodeErrorCode::kTrailingSeparator, 1, 0, "", 0},
           {"1,2,3,,\n", DecodeErrorCode::kTooManyColumns, 1, 0, "", 0},
           {"age,mass,time\n1,2,3,\n", DecodeErrorCode::kTrailingSeparator, 1, 0, "", 14},
           {"age,mass,time\n1,2,3\n4,x,6\n", DecodeErrorCode::kNotANumber, 2, 2, "x", 22},
           {"time,age,mass\n1,2,x\n", DecodeErrorCode::kNotANumber, 1, 3, "x", 18},
           {"1,2,3\n4,5, n/a \n", DecodeErrorCode::kNotANumber, 2, 3, "n/a", 10},
           {"5,1;3,5;2,0\n", DecodeErrorCode::kNotANumber, 1, 1, "5,1", 0},
           {"1,1e999,3\n", DecodeErrorCode::kNumberRange, 1, 2, "1e999", 2},
           {"1,2," + std::string(1025, '3'), DecodeErrorCode::kNumberLength, 1, 3,
            std::string(79, '3'), 4},
           {"1,\"2,3\n4,5,6\n", DecodeErrorCode::kUnclosedQuote, 1, 0, "", 0},
           {"1,\"2\"x,3\n", DecodeErrorCode::kTextAfterQuote, 1, 2, "\"2\"x", 2},
           {"1,a\xff,3\n", DecodeErrorCode::kInvalidUtf8, 1, 2, "a\xff", 2},
           {"age,mass,tim\n1,2,3\n", DecodeErrorCode::kUnknownColumn, 0, 0, "time", 0},
           {"a,b,c\n1,2,3\n", DecodeErrorCode::kUnknownColumn, 0, 0, "age", 0},
           {"age,mass,time,x\n1,2,3\n", DecodeErrorCode::kTooFewColumns, 1, 0, "", 16},
           {"1,2,3\nage,mass,time\n", DecodeErrorCode::kNotANumber, 2, 1, "age", 6}}) {
    const Outcome outcome = decoded(c.payload);
    EXPECT_EQ(outcome.error.code, c.code) << c.payload;
    EXPECT_EQ(outcome.error.row, c.row) << c.payload;
    EXPECT_EQ(outcome.error.column, c.column) << c.payload;
    EXPECT_STREQ(outcome.error.text.data(), c.text.c_str()) << c.payload;
    EXPECT_EQ(outcome.error.byte, c.byte) << c.payload;
  }
}

TEST_F(CsvDecoderTest, WhereTheModelHasNoNamesAHeaderOfItsWidthIsSkipped) {
  data::Schema unnamed = schema_of({"feature_0", "feature_1", "feature_2"});
  unnamed.features_named = false;
  CsvDecoder decoder(unnamed);
  const Outcome outcome = decode(decoder, 3, "age,mass,time\n1,2,3\n4,5,6\n");
  EXPECT_EQ(outcome.error.code, DecodeErrorCode::kNone);
  EXPECT_TRUE(same(outcome, {{{1, 2, 3}, {4, 5, 6}}, {}, false}));
  EXPECT_EQ(decode(decoder, 3, "age,mass,time,label\n1,2,3,4\n").error.code,
            DecodeErrorCode::kTooManyColumns)
      << "of four columns, which three?";
}

TEST_F(CsvDecoderTest, RowsThatEndInReturnsAloneAreRefusedAsSuch) {
  for (const std::string payload :
       {"1,2,3\r4,5,6\r", "1,2,3\r4,5,6", "a,b,c\rx,y,z\r", "a,b,c\r1,2,3", "1,2,\"3\"\r4,5,6\r"}) {
    for (const size_t cut : {size_t{0}, size_t{6}}) {
      const Outcome outcome = decode(decoder_, 3, payload, {cut});
      EXPECT_EQ(outcome.error.code, DecodeErrorCode::kBareReturn) << payload;
      EXPECT_EQ(outcome.error.row, 1U) << payload;
      EXPECT_TRUE(outcome.rows.empty()) << payload;
    }
  }
  EXPECT_EQ(decode(decoder_, 3, "1,2,3\r").error.code, DecodeErrorCode::kNone)
      << "one row is one row";
}

TEST_F(CsvDecoderTest, OtherEncodingsAndSeparatorsAreToldAsSuch) {
  using std::string_literals::operator""s;
  for (const std::string& payload :
       {"\xFF\xFE"
        "1\0,\0002\0,\0003\0\n\0"s,
        "\xFE\xFF\0001\0,\0002\0,\0003\0\n"s, "1\0,\0002\0,\0003\0\n\0"s,
        "\xFF\xFE"
        "a\0,\0b\0\n\0"
        "1\0"s,
        "\0a\0,\0b\0\n"s}) {
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      const Outcome outcome = decode(decoder_, 3, payload, {cut});
      EXPECT_EQ(outcome.error.code, DecodeErrorCode::kUtf16) << payload;
    }
  }
  for (const std::string_view payload :
       {"1 2 3\n4 5 6\n", "\n 1   2 3 4\r\n", "age mass time\n1 2 3\n", "1 2"}) {
    EXPECT_EQ(decoded(payload).error.code, DecodeErrorCode::kBlankSeparated) << payload;
  }
  EXPECT_EQ(describe(decoded("1 2\n").error, schema_),
            "the first line holds 2 values separated by blanks; the model expects rows of 3 (age, "
            "mass, time) separated by commas, semicolons, tabs or |.");
  EXPECT_EQ(describe(decoded("\xFF\xFE"s).error, schema_),
            "the payload looks like UTF-16 (its first line begins with FF FE or FE FF, or every "
            "second byte is NUL); CSV is expected in UTF-8.");
  // A model that knows no names takes a line without numbers for a header, but not these.
  data::Schema unnamed = schema_of({"feature_0"});
  unnamed.features_named = false;
  CsvDecoder one(unnamed);
  EXPECT_EQ(decode(one, 1, "1 2\n3\n").error.code, DecodeErrorCode::kBlankSeparated);
  EXPECT_EQ(decode(one, 1, "\xFF\xFEx\0\n\0001\0\n"s).error.code, DecodeErrorCode::kUtf16);
  EXPECT_TRUE(same(decode(one, 1, "sepal length\n3\n"), {{{3}}, {}}));
  const data::Schema years = schema_of({"2020 2021"});
  CsvDecoder named(years);
  EXPECT_TRUE(same(decode(named, 1, "2020 2021\n3\n"), {{{3}}, {}}));
}

TEST_F(CsvDecoderTest, ANulByteIsACellThatIsNoNumberAndNoEncoding) {
  using std::string_literals::operator""s;
  const auto error = decoded("1,\0,3\n"s).error;
  EXPECT_EQ(error.code, DecodeErrorCode::kNotANumber);
  EXPECT_EQ(error.column, 2U);
  EXPECT_EQ(decoded("\x80\4\x95\0\0\0\n"s).error.code, DecodeErrorCode::kTooFewColumns);
  data::Schema unnamed = schema_of({"feature_0"});
  unnamed.features_named = false;
  CsvDecoder one(unnamed);
  EXPECT_EQ(decode(one, 1, "ab\0\n3\n"s).error.code, DecodeErrorCode::kNotANumber)
      << "nor is it a header";
}

TEST_F(CsvDecoderTest, RowLengthIsBounded) {
  const size_t bytes_max = CsvDecoder::row_bytes_max(3);
  const std::string head = "age,mass,time,x\n";
  const std::string start = "1,2,3,";
  const std::string fits = head + start + std::string(bytes_max - start.size() - 1, 'x') + "\n";
  const std::string too_long = head + start + std::string(bytes_max - start.size(), 'x') + "\n";
  for (const std::vector<size_t>& cuts : {std::vector<size_t>{}, std::vector<size_t>{20, 5000}}) {
    EXPECT_EQ(decode(decoder_, 3, fits, cuts).error.code, DecodeErrorCode::kNone);
    EXPECT_EQ(decode(decoder_, 3, too_long, cuts).error.code, DecodeErrorCode::kRowTooLong);
  }
  EXPECT_EQ(decode(decoder_, 3, "\"" + std::string(2 * bytes_max, '\n'), {5000}).error.code,
            DecodeErrorCode::kRowTooLong);
}

TEST_F(CsvDecoderTest, EveryCutGivesTheSameRows) {
  for (const std::string_view payload :
       {"\uFEFFage,mass,time\r\n1,2,3\r\n\"4\",5,\"6\"\r\n",
        "time;x;mass;age\n3;\"a\n;b\";2;1\n\n6;\"\"\"\";5;4", "1,,nan\n2.25,-1e3,0.333333\n",
        "1,2,3\n4,5\n", "1,2,3\n4,\"5\n,6\n", "\n\n", "\xEF\xBB\xBF", "1,2,3\n4,5,\xff\n",
        "age,mass\n", "\xEF\xBB", "1\t2\t3\r\n\r\n4\t5\t6\r\n", "\n\xEF\xBB\xBF,1,2\n",
        "\"\n\",2,3\n"}) {
    const Outcome whole = decoded(payload);
    for (size_t a = 0; a <= payload.size(); ++a) {
      for (size_t b = a; b <= payload.size(); ++b) {
        ASSERT_TRUE(same(decode(decoder_, 3, payload, {a, b}), whole))
            << payload << " cut at " << a << " and " << b;
      }
    }
  }
}

TEST_F(CsvDecoderTest, EverySliceAndBlockSizeGivesTheSameRows) {
  std::mt19937 random(51);
  std::string payload;
  for (int i = 0; i < 700; ++i) {
    for (int k = 0; k < 3; ++k) {
      payload += std::to_string(static_cast<double>(random()) / 1000) + (k < 2 ? "," : "\n");
    }
  }
  const Outcome whole = decoded(payload);
  ASSERT_EQ(whole.rows.size(), 700U);
  for (const size_t rows_max : {1U, 7U, 64U, 699U, 700U}) {
    for (const size_t capacity : {1U, 3U, 64U, 1000U}) {
      ASSERT_TRUE(same(decode(decoder_, 3, payload, {}, rows_max, capacity), whole));
      ASSERT_TRUE(same(decode(decoder_, 3, payload, {100, 5000, 5001}, rows_max, capacity), whole));
    }
  }
}

TEST_F(CsvDecoderTest, RandomTextGivesTheSameWhereverItIsCut) {
  std::mt19937 random(52);
  constexpr std::string_view kAlphabet = "0123456789.,,,,\n\n\r\";x ";
  for (int i = 0; i < 4000; ++i) {
    std::string payload(random() % 60, ' ');
    for (char& c : payload) {
      c = kAlphabet[random() % kAlphabet.size()];
    }
    const Outcome whole = decoded(payload);
    const size_t cut = random() % (payload.size() + 1);
    ASSERT_TRUE(same(decode(decoder_, 3, payload, {cut}), whole)) << payload << " cut at " << cut;
  }
}

TEST(CsvDecoder, OneFeatureTakesPlainLinesAndSkipsBlankOnes) {
  const data::Schema schema = schema_of({"x"});
  CsvDecoder decoder(schema);
  EXPECT_TRUE(
      same(decode(decoder, 1, "1\n\n2\n\"\"\nnan\n \n3"), {{{1}, {2}, {kNan}, {kNan}, {3}}, {}}));
  EXPECT_TRUE(same(decode(decoder, 1, "x\n1\n"), {{{1}}, {}}));
}

TEST(CsvDecoder, BlankLinesMayBeRowsOfOneMissingValue) {
  const PayloadOptions options{.blank_lines_are_rows = true};
  const data::Schema schema = schema_of({"x"});
  CsvDecoder one(schema);
  const std::string_view payload = "x\n1\n\n2\r\n\r\n \n3\n";
  for (size_t cut = 0; cut <= payload.size(); ++cut) {
    EXPECT_TRUE(same(decode(one, 1, payload, {cut}, 1, 2, options),
                     {{{1}, {kNan}, {2}, {kNan}, {kNan}, {3}}, {}}))
        << cut;
  }
  EXPECT_TRUE(same(decode(one, 1, "id,x\n7,1\n\n8,2\n", {}, SIZE_MAX, 1000, options),
                   {{{1}, {2}}, {}, true}));
  const data::Schema wide = schema_of({"age", "mass"});
  CsvDecoder two(wide);
  EXPECT_TRUE(
      same(decode(two, 2, "1,2\n\n3,4\n", {}, SIZE_MAX, 1000, options), {{{1, 2}, {3, 4}}, {}}));
}

TEST(CsvDecoder, WhereEveryLineIsARowABlankOneIsMissingOrAnError) {
  const data::Schema narrow = schema_of({"x"});
  CsvDecoder one(narrow);
  const data::Schema wide = schema_of({"age", "mass"});
  CsvDecoder two(wide);
  const auto read = [](CsvDecoder& decoder, size_t width, std::string_view payload) {
    const PayloadOptions options{.every_line_is_a_row = true};
    const Outcome whole = decode(decoder, width, payload, {}, SIZE_MAX, 1000, options);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder, width, payload, {cut}, 1, 2, options), whole)) << payload;
    }
    return whole;
  };
  EXPECT_TRUE(same(read(one, 1, "1\n\n2\r\n\r\n \n3\n\n"),
                   {{{1}, {kNan}, {2}, {kNan}, {kNan}, {3}, {kNan}}, {}}));
  EXPECT_TRUE(same(read(one, 1, "\n1"), {{{kNan}, {1}}, {}}));
  EXPECT_TRUE(same(read(two, 2, "\t\n1\t2"), {{{kNan, kNan}, {1, 2}}, {}}));
  for (const auto& [payload, row] : {std::pair{"1,2\n\n3,4\n", 2U},
                                     {"1,2\n \r\n3,4", 2U},
                                     {"1,2\n3,4\n\n", 3U},
                                     {"\nage,mass\n1,2\n", 1U}}) {
    const Outcome outcome = read(two, 2, payload);
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kBlankLine) << payload;
    EXPECT_EQ(outcome.error.row, row) << payload;
  }
  const Outcome quoted = read(two, 2, "1,2\n\"3,4\n5\",6\n");
  EXPECT_EQ(quoted.error.code, DecodeErrorCode::kUnclosedQuote) << "lines end at LF alone";
  EXPECT_EQ(quoted.error.row, 2U);
  EXPECT_TRUE(same(read(two, 2, "\"1\",\"2\"\n\"3\",4"), {{{1, 2}, {3, 4}}, {}}));
  EXPECT_EQ(
      describe(read(two, 2, "1,2\n\n3,4\n").error, wide),
      "row 2: the line holds no values; in a batch transform each line is a row, and the model "
      "expects rows of 2 (age, mass).");
}

TEST(CsvDecoder, WhereEveryLineIsARowAHeaderIsAnError) {
  const data::Schema schema = schema_of({"age", "mass"});
  CsvDecoder decoder(schema);
  const auto read = [&](std::string_view payload) {
    const PayloadOptions options{.every_line_is_a_row = true};
    const Outcome whole = decode(decoder, 2, payload, {}, SIZE_MAX, 1000, options);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder, 2, payload, {cut}, 1, 2, options), whole)) << payload;
    }
    return whole;
  };
  for (const char* payload :
       {"age,mass\n1,2\n", "age,mass\n", "mass;x;age\n1;2;3\n", "f0,f1\n1,2\n", "\"age\",mass"}) {
    const Outcome outcome = read(payload);
    EXPECT_EQ(outcome.error.code, DecodeErrorCode::kUnmarkedHeader) << payload;
    EXPECT_EQ(outcome.error.row, 1U) << payload;
    EXPECT_TRUE(outcome.rows.empty()) << payload;
  }
  EXPECT_EQ(read("age,x\n1,2\n").error.code, DecodeErrorCode::kUnknownColumn);
  EXPECT_EQ(describe(read("age,mass\n1,2\n").error, schema),
            "row 1: the line is a header and no row; in a batch transform each line is a row. Send "
            "the file without its header, or have the line marked in the answer "
            "(on-bad-record=mark).");
}

TEST(CsvDecoder, MarkersOfTheSchemaAreMissing) {
  data::Schema schema = schema_of({"a", "b"});
  schema.missing_markers = {"?", "-999"};
  CsvDecoder decoder(schema);
  EXPECT_TRUE(
      same(decode(decoder, 2, "?,1\n-999,2\n-999.0,3"), {{{kNan, 1}, {kNan, 2}, {kNan, 3}}, {}}));
}

TEST(CsvDecoder, WideRowsSpanManyBlocks) {
  std::vector<std::string> names;
  std::string payload;
  for (int k = 0; k < 5000; ++k) {
    names.push_back("f" + std::to_string(k));
    payload += (k == 0 ? "" : ",") + std::to_string(k);
  }
  const data::Schema schema = schema_of(names);
  CsvDecoder decoder(schema);
  payload += "\n" + payload;
  const Outcome outcome = decode(decoder, 5000, payload, {10'000, 20'000, 30'000}, SIZE_MAX, 10);
  ASSERT_EQ(outcome.rows.size(), 2U);
  EXPECT_EQ(outcome.rows[1][4999], 4999.0F);
}

}  // namespace
}  // namespace ringmaker::codec
