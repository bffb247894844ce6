#include "cli/csv_field.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringmaker::cli {
namespace {

std::string field(std::string_view text) {
  std::string out;
  append_csv_field(out, text);
  return out;
}

std::string number(double value, int digits) {
  std::string out;
  append_csv_number(out, value, digits);
  return out;
}

TEST(CsvField, IsQuotedWhereItMustBe) {
  EXPECT_EQ(field("plain; text"), "plain; text");
  EXPECT_EQ(field("a, \"b\""), "\"a, \"\"b\"\"\"");
}

TEST(CsvNumber, HasTheDigitsThatTellItFromOthers) {
  EXPECT_EQ(number(static_cast<double>(0.1F), 9), "0.100000001");
  EXPECT_EQ(number(0.1, 17), "0.10000000000000001");
  EXPECT_EQ(number(-0.0, 9), "-0");
  EXPECT_EQ(number(100000, 9), "100000");
  EXPECT_EQ(number(1.5e20, 9), "1.5e+20");
  EXPECT_EQ(number(-std::numeric_limits<double>::max(), 17), "-1.7976931348623157e+308");
  EXPECT_EQ(number(-std::numeric_limits<double>::denorm_min(), 17), "-4.9406564584124654e-324");
}

TEST(CsvNumber, ThatIsNoneHasNoSign) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(number(kNaN, 9), "nan");
  EXPECT_EQ(number(-kNaN, 9), "nan");
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity(), 9), "-inf");
}

}  // namespace
}  // namespace ringmaker::cli
