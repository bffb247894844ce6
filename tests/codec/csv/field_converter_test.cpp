#include "codec/csv/field_converter.h"

#include "codec/csv/csv_lexer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

struct Converted {
  size_t count = 0;
  std::vector<float> values;
};

Converted convert(FieldConverter& converter, std::string_view line) {
  CsvLexer lexer;
  lexer.index(line, true);
  const CsvRow row = lexer.row(0);
  Converted result;
  result.values.resize(row.fields);
  result.count = converter.convert(line.data(), row.marks, row.fields, result.values.data());
  return result;
}

TEST(FieldConverter, NumbersInAnySpelling) {
  FieldConverter converter;
  const Converted result =
      convert(converter, "1, 2.5 ,\"3\",+4,5e0,\" 6 \",\t7,8.000000000000000000,inf\r");
  EXPECT_EQ(result.count, 9U);
  EXPECT_EQ(result.values, (std::vector<float>{1, 2.5, 3, 4, 5, 6, 7, 8, INFINITY}));
}

TEST(FieldConverter, MissingValuesAreNan) {
  FieldConverter converter(std::vector<std::string>{"?", "-999"});
  const Converted result =
      convert(converter, ",nan,NaN,NA,na,null,NULL,\"\", ,?,-999,-999.0,\"NA\",-nan");
  ASSERT_EQ(result.count, result.values.size());
  for (const float value : result.values) {
    EXPECT_TRUE(std::isnan(value));
  }
  EXPECT_TRUE(converter.is_missing("?"));
  EXPECT_FALSE(converter.is_missing("0"));
}

TEST(FieldConverter, MarkersBeforeAnErrorAreMissingToo) {
  FieldConverter converter(std::vector<std::string>{"-999"});
  const Converted result = convert(converter, "-999.0,x");
  EXPECT_EQ(result.count, 1U);
  EXPECT_TRUE(std::isnan(result.values[0]));
}

TEST(FieldConverter, StopsAtTheFirstFieldThatIsNeither) {
  struct Case {
    std::string_view field;
    DecodeErrorCode code;
  };
  FieldConverter converter;
  for (const Case& c : std::vector<Case>{{"abc", DecodeErrorCode::kNotANumber},
                                         {"n/a", DecodeErrorCode::kNotANumber},
                                         {"-", DecodeErrorCode::kNotANumber},
                                         {"1 2", DecodeErrorCode::kNotANumber},
                                         {"1e999", DecodeErrorCode::kNumberRange},
                                         {"\"1\"2", DecodeErrorCode::kTextAfterQuote},
                                         {"\"\"\"1\"\"\"", DecodeErrorCode::kNotANumber},
                                         {"a\xff", DecodeErrorCode::kInvalidUtf8}}) {
    const std::string line = "1,2," + std::string(c.field) + ",4";
    EXPECT_EQ(convert(converter, line).count, 2U) << c.field;
    float value = 0;
    EXPECT_EQ(converter.convert_one(c.field, value), c.code) << c.field;
  }
  float value = 0;
  EXPECT_EQ(converter.convert_one(std::string(1025, '1'), value), DecodeErrorCode::kNumberLength);
}

TEST(FieldConverter, WideRowsTakeSeveralRuns) {
  FieldConverter converter;
  std::string line;
  for (int k = 0; k < 1000; ++k) {
    line += (k == 0 ? "" : ",") + (k % 7 == 0 ? std::string() : std::to_string(k));
  }
  const Converted result = convert(converter, line);
  ASSERT_EQ(result.count, 1000U);
  for (size_t k = 0; k < 1000; ++k) {
    if (k % 7 == 0) {
      EXPECT_TRUE(std::isnan(result.values[k]));
    } else {
      EXPECT_EQ(result.values[k], static_cast<float>(k));
    }
  }
}

}  // namespace
}  // namespace ringmaker::codec
