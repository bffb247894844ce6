#include "train/reader/cell_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;

/// The first column is the label.
CsvLayout layout(std::vector<std::string> names = {"y", "age"}) {
  FirstRow row{std::move(names), {}};
  row.kinds.assign(row.texts.size(), FirstRow::Kind::kText);
  return *make_layout(row, {.label = "0", .drop_columns = {}, .missing_markers = {}}, "f:1");
}

TEST(CellProblems, TheFirstIsKeptAndItsKindCounted) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 3, 1, "a");
  problems.note(CellProblemKind::kLabelMissing, 4, 0, "");
  CellProblems later;
  later.note(CellProblemKind::kNotANumber, 0, 1, "b");
  problems.append(later);
  EXPECT_EQ(problems.first().value, "a");
  EXPECT_EQ(problems.count(), 2U);
}

TEST(CellProblems, TheFirstIsFirstInTheDataNotTheFirstToldOf) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 3, 1, "a");
  problems.note(CellProblemKind::kNotANumber, 2, 7, "b");
  EXPECT_EQ(problems.first().column, 7U);
  problems.note(CellProblemKind::kLabelMissing, 2, 0, "");
  EXPECT_EQ(problems.first().column, 0U);
}

TEST(CellProblems, EachColumnIsCountedWithItsFirstDifferentValues) {
  CellProblems problems;
  CellProblems later;
  for (const char* value : {"M", "F", "M", "I"}) {
    problems.note(CellProblemKind::kNotANumber, 0, 1, value);
  }
  problems.note(CellProblemKind::kTooLarge, 0, 2, "1e999");
  for (const char* value : {"F", "X", "Y"}) {
    later.note(CellProblemKind::kNotANumber, 0, 1, value);
  }
  problems.append(later);
  const ColumnProblems& texts = problems.columns().at(1);
  EXPECT_EQ(texts.cells, 7U);
  EXPECT_TRUE(texts.texts);
  EXPECT_TRUE(texts.many) << "five, and four are kept";
  EXPECT_THAT(texts.values, testing::ElementsAre("M", "F", "I", "X"));
  const ColumnProblems& large = problems.columns().at(2);
  EXPECT_FALSE(large.texts || large.many || large.spoiled);
}

TEST(CellProblems, LongAndUnprintableValuesAreShownShort) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1,
                "x\n\x1b[31m" + std::string(39, 'y') + "\xc3\xa4");
  EXPECT_EQ(problems.first().value, R"(x\n\x1b[31m)" + std::string(33, 'y') + "...");
  CellProblems cut;
  cut.note(CellProblemKind::kNotANumber, 0, 1, std::string(39, 'y') + "\xc3\xa4z");
  EXPECT_EQ(cut.first().value, std::string(39, 'y') + "...") << "no half character";
}

TEST(CellProblems, TheSentenceHasPlaceCauseCountOtherColumnsAndAdvice) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1, "n/a");
  problems.note(CellProblemKind::kNotANumber, 5, 1, "n/a");
  problems.note(CellProblemKind::kLabelMissing, 7, 0, "");
  data::DenseBlock features(1, 9);
  features.resize(9);
  std::fill_n(features.span().values, 9, 1.0F);
  EXPECT_EQ(
      describe(problems, features.view(), "train/part-3.csv", 1841, layout()).message(),
      "train/part-3.csv:1841, column 2 \"age\": \"n/a\" is not a number. 2 such cells. Nor can "
      "cells of column 1 \"y\" be used. Add na_values=n/a, or drop the column with "
      "drop_columns=age.");
}

TEST(CellProblems, ADecimalCommaIsCalledByItsName) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1, "5,1");
  EXPECT_THAT(describe(problems, {}, "train.csv", 1, layout()).message(),
              HasSubstr("\"5,1\" is not a number: decimals are written with a point. Mend the"));
}

TEST(CellProblems, ALongListOfColumnsIsCut) {
  std::vector<std::string> names{"y"};
  CellProblems problems;
  for (size_t k = 1; k <= 40; ++k) {
    names.push_back(std::string("c") + std::to_string(k));
    problems.note(CellProblemKind::kBadQuotes, 0, k, "x");
  }
  const std::string sentence = describe(problems, {}, "a.csv", 2, layout(names)).message();
  EXPECT_THAT(sentence, HasSubstr("column 17 \"c16\", column 18 \"c17\" and 23 more be used"));
  EXPECT_LE(sentence.size(), 1024U);
}

}  // namespace
}  // namespace ringmaker::train
