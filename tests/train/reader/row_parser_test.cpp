#include "train/reader/row_parser.h"

#include "tests/support/instruction_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <random>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

CsvLayout layout_of(size_t columns, const CsvOptions& options = {}) {
  FirstRow row;
  row.texts.assign(columns, "0");
  return *make_layout(row, options, "a.csv:1");
}

class RowParserTest : public testing::TestWithParam<base::InstructionSet> {};

TEST_P(RowParserTest, EveryWidthGivesTheNumbersOfStrtof) {
  std::mt19937 random(11);
  for (const size_t columns : {2, 3, 8, 9, 31, 64, 65, 200}) {
    std::string text;
    std::vector<float> expected;
    std::vector<double> labels;
    for (size_t i = 0; i < 300; ++i) {
      for (size_t k = 0; k < columns; ++k) {
        char number[64];
        const char* const formats[] = {"%.6f", "%.0f", "%.9g", "%.3e", "%.17g"};
        std::snprintf(number, sizeof number, formats[random() % 5],
                      (static_cast<double>(random()) - 2e9) / 1e6);
        text += k > 0 ? "," : "";
        text += number;
        if (k == 0) {
          labels.push_back(std::strtod(number, nullptr));
        } else {
          expected.push_back(std::strtof(number, nullptr));
        }
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
    }
    const CsvLayout layout = layout_of(columns);
    const CsvOptions options;
    RowParser parser(layout, options, GetParam());
    ParsedRows rows;
    parser.parse(text, ',', rows);
    ASSERT_EQ(rows.rows(), 300U);
    EXPECT_EQ(
        std::memcmp(rows.features.view().values, expected.data(), expected.size() * sizeof(float)),
        0)
        << columns;
    EXPECT_EQ(rows.labels, labels) << columns;
    EXPECT_EQ(rows.lines, 300U);
  }
}

TEST_P(RowParserTest, DroppedColumnsMayHoldAnything) {
  const CsvOptions options{.label = "2", .drop_columns = {"1"}, .missing_markers = {}};
  const CsvLayout layout = layout_of(4, options);
  RowParser parser(layout, options, GetParam());
  ParsedRows rows;
  parser.parse("1,\"a,\"\"b\",7,2\n3,\xff,8,4\n", ',', rows);
  EXPECT_TRUE(rows.problems.empty());
  EXPECT_THAT(rows.labels, ElementsAre(7, 8));
  const float* values = rows.features.view().values;
  EXPECT_THAT(std::vector<float>(values, values + 4), ElementsAre(1, 2, 3, 4));
}

TEST_P(RowParserTest, StopsAtTheFirstRowThatIsTooWide) {
  const CsvOptions options;
  const CsvLayout layout = layout_of(2, options);
  RowParser parser(layout, options, GetParam());
  ParsedRows rows;
  parser.parse("1,2\n\n3,4,5\n6,7\n", ',', rows);
  EXPECT_EQ(rows.stop, ParsedRows::Stop::kColumnCount);
  EXPECT_EQ(rows.stop_fields, 3U);
  EXPECT_EQ(rows.lines, 3U);
  EXPECT_EQ(rows.rows(), 1U);
  EXPECT_FALSE(rows.stop_at_end);
}

INSTANTIATE_TEST_SUITE_P(Sets, RowParserTest, testing::ValuesIn(test::instruction_sets_here()),
                         [](const auto& set) { return std::string(base::name(set.param)); });

}  // namespace
}  // namespace ringmaker::train
