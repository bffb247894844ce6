#include "train/reader/cell_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;

/// The first column is the label: by the options, or `label` is empty and it was taken.
CsvLayout layout(std::vector<std::string> names = {"y", "age"}, bool header = true,
                 const std::string& label = "0") {
  FirstRow row{std::move(names), {}};
  row.kinds.assign(row.texts.size(), header ? FirstRow::Kind::kText : FirstRow::Kind::kNumber);
  return *make_layout(row, {.label = label, .drop_columns = {}, .missing_markers = {}}, "f:1");
}

TEST(CellProblems, TheFirstIsKeptAndItsKindCounted) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 3, 1, "a");
  problems.note(CellProblemKind::kLabelMissing, 4, 0, "");
  CellProblems later;
  later.note(CellProblemKind::kNotANumber, 0, 1, "b");
  problems.append(later);
  EXPECT_EQ(problems.first_row().front().value, "a");
  EXPECT_EQ(problems.count(), 2U);
}

TEST(CellProblems, TheFirstIsFirstInTheDataNotTheFirstToldOf) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 3, 1, "a");
  problems.note(CellProblemKind::kNotANumber, 2, 7, "b");
  problems.note(CellProblemKind::kLabelMissing, 2, 0, "");
  ASSERT_EQ(problems.first_row().size(), 2U);
  EXPECT_EQ(problems.first_row()[0].column, 0U);
  EXPECT_EQ(problems.first_row()[1].column, 7U);
}

TEST(CellProblems, LongAndUnprintableValuesAreShownShort) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1,
                "x\n\x1b[31m" + std::string(39, 'y') + "\xc3\xa4");
  EXPECT_EQ(problems.first_row().front().value, "x??[31m" + std::string(33, 'y') + "...");
  CellProblems cut;
  cut.note(CellProblemKind::kNotANumber, 0, 1, std::string(39, 'y') + "\xc3\xa4z");
  EXPECT_EQ(cut.first_row().front().value, std::string(39, 'y') + "...") << "no half character";
}

TEST(CellProblems, TheSentenceHasPlaceCauseCountAndCure) {
  const std::vector<CellProblem> row{{CellProblemKind::kNotANumber, 0, 1, "n/a"}};
  EXPECT_EQ(describe(row, 212, "train/part-3.csv", 1841, layout()).message(),
            "train/part-3.csv:1841, column 2 \"age\": \"n/a\" is not a number. 212 such cells. "
            "Add na_values=n/a, or drop the column with drop_columns=age.");
}

TEST(CellProblems, WhatCannotBeListedIsNotAdvisedToBe) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1, std::string_view("a\0b", 3));
  EXPECT_THAT(describe(problems.first_row(), 1, "train.csv", 1, layout()).message(),
              HasSubstr("\"a?b\" is not a number. Mend the file, or drop the column"));
  const CellProblem list{CellProblemKind::kNotANumber, 0, 1, "2,5"};
  EXPECT_THAT(describe({&list, 1}, 1, "train.csv", 1, layout()).message(),
              HasSubstr("Mend the file, or drop the column"));
}

TEST(CellProblems, ADecimalCommaIsCalledByItsName) {
  const CellProblem problem{CellProblemKind::kNotANumber, 0, 1, "5,1"};
  EXPECT_THAT(describe({&problem, 1}, 1, "train.csv", 1, layout()).message(),
              testing::HasSubstr("\"5,1\" is not a number: decimals are written with a point"));
}

TEST(CellProblems, AllColumnsOfTheRowAreNamedAtOnce) {
  std::vector<CellProblem> row{{CellProblemKind::kNotANumber, 0, 1, "?"},
                               {CellProblemKind::kNotANumber, 0, 3, "?"}};
  const CsvLayout named = layout({"y", "job", "age", "city"});
  EXPECT_EQ(describe(row, 9, "a.csv", 2, named).message(),
            "a.csv:2, column 2 \"job\": \"?\" is not a number. 9 such cells. In this row column 4 "
            "\"city\" cannot be used either. Add na_values=?, or drop the columns with "
            "drop_columns=job,city.");
  row[1].value = "Oslo";
  EXPECT_EQ(
      describe(row, 9, "a.csv", 2, layout({"1", "2", "3", "4"}, false)).message(),
      "a.csv:2, column 2 (counted from 1): \"?\" is not a number. 9 such cells. In this row "
      "column 4 (counted from 1) cannot be used either. Drop the columns with drop_columns=1,3 "
      "(counted from 0), or list in na_values what stands for a missing value.");
}

TEST(CellProblems, ALongListOfColumnsIsCut) {
  std::vector<std::string> names{"y"};
  std::vector<CellProblem> row;
  for (size_t k = 1; k <= 40; ++k) {
    names.push_back(std::string("c") + std::to_string(k));
    row.push_back({CellProblemKind::kNotANumber, 0, k, "x"});
  }
  const std::string sentence = describe(row, 40, "a.csv", 2, layout(names)).message();
  EXPECT_THAT(sentence, HasSubstr("column 18 \"c17\" and 23 more cannot be used either"));
  EXPECT_LE(sentence.size(), 1024U);
}

TEST(CellProblems, ATextMayBeTheLabelThatNobodyHasNamed) {
  const std::vector<CellProblem> row{{CellProblemKind::kNotANumber, 1, 2, "setosa"}};
  EXPECT_EQ(
      describe(row, 3, "a.csv", 2, layout({"length", "width", "species"}, true, "")).message(),
      "a.csv:2, column 3 \"species\": \"setosa\" is not a number. 3 such cells. No label was "
      "named, so column 1 \"length\" was taken for it; if column 3 \"species\" is the label, "
      "say label=species. Otherwise add na_values=setosa, or drop the column with "
      "drop_columns=species.");
  EXPECT_THAT(
      describe(row, 3, "a.csv", 2, layout({"1", "2", "3"}, false, "")).message(),
      HasSubstr("if column 3 (counted from 1) is the label, say label=2 (counted from 0). "));
}

}  // namespace
}  // namespace ringmaker::train
