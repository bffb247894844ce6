#include "codec/decode_error.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

data::Schema heart() {
  data::Schema schema;
  schema.feature_names = {"age", "anaemia", "cpk", "diabetes", "ef", "bp",  "plt",
                          "cr",  "na",      "sex", "smoking",  "dm", "time"};
  return schema;
}

DecodeError error_of(DecodeErrorCode code, uint64_t row = 0, uint32_t column = 0,
                     uint32_t feature = 0, std::string_view text = {}) {
  DecodeError error;
  error.code = code;
  error.row = row;
  error.column = column;
  error.feature = feature;
  error.set_text(text);
  return error;
}

DecodeError width_error(DecodeErrorCode code, uint32_t found, uint32_t expected = 13) {
  DecodeError error = error_of(code, 3);
  error.found = found;
  error.expected = expected;
  return error;
}

TEST(DecodeError, WrongWidthNamesRowCountsAndColumns) {
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTooFewColumns, 12), heart()),
            "row 3 has 12 values, the model expects 13 (age, anaemia, …, time).");
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTooManyColumns, 14), heart()),
            "row 3 has 14 values, the model expects 13 (age, anaemia, …, time). "
            "It looks as if the label column is included.");
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTooManyColumns, 15), heart()),
            "row 3 has 15 values, the model expects 13 (age, anaemia, …, time).");
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTrailingSeparator, 14), heart()),
            "row 3 has 14 values, the model expects 13 (age, anaemia, …, time). "
            "The last one is empty: the row ends in a separator.");
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTooFewColumns, 1, 15), heart()),
            "row 3 has 1 value, the header names 15.");
  data::Schema small;
  small.feature_names = {"a", "b\n"};
  EXPECT_EQ(describe(width_error(DecodeErrorCode::kTooFewColumns, 1, 2), small),
            "row 3 has 1 value, the model expects 2 (a, b\\n).");
}

TEST(DecodeError, ValuesAreQuotedWithTheirPlace) {
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kNotANumber, 2, 7, 1, "n/a\x01"), heart()),
            "row 2, column 7 \"age\": \"n/a\\x01\" is not a number. "
            "An empty field, nan, NA or null stands for a missing value.");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kNumberRange, 1, 1, 1, "1e999"), heart()),
            "row 1, column 1 \"age\": \"1e999\" is too large for a 32-bit float.");
  EXPECT_EQ(
      describe(error_of(DecodeErrorCode::kNumberLength, 1, 2, 2, std::string(60, '1')), heart()),
      "row 1, column 2 \"anaemia\": \"" + std::string(40, '1') +
          "…\" is longer than 1024 characters.");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kTextAfterQuote, 1, 2, 2, "\"a\"b"), heart()),
            "row 1, column 2 \"anaemia\": \"\\\"a\\\"b\" has a quote where none may be. "
            "Quote the whole field, and double the quotes inside it.");
}

TEST(DecodeError, OtherSentences) {
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kNotANumber, 1, 1, 1, "5,1"), heart()),
            "row 1, column 1 \"age\": \"5,1\" is not a number: decimals are written with a point.");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kDuplicateColumn, 1, 0, 0, "age"), heart()),
            "row 1: \"age\" is given twice.");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kEmptyPayload), heart()),
            "the payload holds no rows; the model expects rows of 13 (age, anaemia, …, time).");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kEmptyPayload, 0, 0, 0, "header"), heart()),
            "the payload holds a header but no rows; "
            "the model expects rows of 13 (age, anaemia, …, time).");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kUnclosedQuote, 4), heart()),
            "row 4: a quote is opened but never closed.");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kUnknownColumn, 0, 0, 0, "sex"), heart()),
            "the header lacks the column \"sex\"; the model expects 13 (age, anaemia, …, time). "
            "(A first line without numbers is read as a header.)");
  DecodeError near = error_of(DecodeErrorCode::kUnknownColumn, 0, 0, 0, "sex");
  near.set_near("Sex");
  EXPECT_EQ(describe(near, heart()),
            "the header lacks the column \"sex\", but names \"Sex\"; the model expects 13 (age, "
            "anaemia, …, time). (A first line without numbers is read as a header.)");
  EXPECT_EQ(describe(near, heart(), true),
            "the header lacks a column; the model expects 13. (A first line without numbers is "
            "read as a header.)");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kUnknownColumn, 5, 0, 0, "sex"), heart()),
            "row 5 lacks the column \"sex\"; the model expects 13 (age, anaemia, …, time).");
  EXPECT_EQ(describe(error_of(DecodeErrorCode::kLacksColumn, 0, 0, 0, "sex"), heart()),
            "\"columns\" lacks the column \"sex\"; the model expects 13 (age, anaemia, …, time).");
  DecodeError syntax = error_of(DecodeErrorCode::kJsonSyntax);
  syntax.byte = 17;
  EXPECT_EQ(describe(syntax, heart()), "the payload is not valid JSON (byte 17).");
  DecodeError depth = error_of(DecodeErrorCode::kJsonDepth);
  depth.expected = 64;
  depth.byte = 80;
  EXPECT_EQ(describe(depth, heart()), "the JSON is nested more than 64 levels deep (byte 80).");
  DecodeError utf8 = error_of(DecodeErrorCode::kInvalidUtf8, 2, 1, 1);
  utf8.byte = 9;
  EXPECT_EQ(describe(utf8, heart()), "row 2, column 1 \"age\": the text is not UTF-8 (byte 9).");
}

TEST(DecodeError, BriefKeepsNamesAndValuesOut) {
  for (int code = 0; code <= static_cast<int>(DecodeErrorCode::kRowTooLong); ++code) {
    if (static_cast<DecodeErrorCode>(code) == DecodeErrorCode::kJsonOutputs) {
      continue;  // its text is ours
    }
    DecodeError error = error_of(static_cast<DecodeErrorCode>(code), 2, 1, 1, "secret");
    error.found = 3;
    error.expected = 13;
    const std::string text = describe(error, heart(), true);
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_EQ(text.find("age"), std::string::npos) << text;
    EXPECT_EQ(text.back(), '.') << text;
    EXPECT_LT(text.size(), 300U) << text;
  }
}

TEST(DecodeError, AMemberOfAnArchiveIsNamedFirst) {
  DecodeError error = error_of(DecodeErrorCode::kNotANumber, 2, 1, 1, "x");
  error.set_member("rows\n.npy");
  EXPECT_EQ(describe(error, heart()).find("member \"rows\\n.npy\": row 2, column 1 \"age\": "), 0U)
      << describe(error, heart());
  EXPECT_EQ(describe(error, heart(), true).find("a member: row 2, column 1: a value is "), 0U)
      << describe(error, heart(), true);
}

TEST(DecodeError, TextIsCutToFit) {
  DecodeError error;
  error.set_text(std::string(1000, 'x'));
  EXPECT_EQ(std::string(error.text.data()).size(), error.text.size() - 1);
}

TEST(DecodeError, ANulIsShownAndEndsNothing) {
  using std::string_literals::operator""s;
  DecodeError error;
  error.code = DecodeErrorCode::kNotANumber;
  error.set_text("a\0b"s);
  EXPECT_EQ(describe(error, heart()),
            "\"a\\x00b\" is not a number. An empty field, nan, NA or null stands for a missing "
            "value.");
  error.set_member("a\0b"s);
  EXPECT_STREQ(error.member.data(), "a\u2400b");
  error.set_member(std::string(1000, '\0'));
  EXPECT_LT(std::string(error.member.data()).size(), error.member.size());
}

}  // namespace
}  // namespace ringmaker::codec
