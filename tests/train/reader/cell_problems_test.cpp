#include "train/reader/cell_problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

CsvLayout layout() {
  return *make_layout({{"y", "age"}, {FirstRow::Kind::kText, FirstRow::Kind::kText}}, {}, "f:1");
}

TEST(CellProblems, TheFirstIsKeptAndItsKindCounted) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 3, 1, "a");
  problems.note(CellProblemKind::kLabelMissing, 4, 0, "");
  CellProblems later;
  later.note(CellProblemKind::kNotANumber, 0, 1, "b");
  problems.append(later);
  EXPECT_EQ(problems.first()->value, "a");
  EXPECT_EQ(problems.count(), 2U);
}

TEST(CellProblems, LongAndUnprintableValuesAreShownShort) {
  CellProblems problems;
  problems.note(CellProblemKind::kNotANumber, 0, 1,
                "x\n\x1b[31m" + std::string(39, 'y') + "\xc3\xa4");
  EXPECT_EQ(problems.first()->value, "x??[31m" + std::string(33, 'y') + "...");
  CellProblems cut;
  cut.note(CellProblemKind::kNotANumber, 0, 1, std::string(39, 'y') + "\xc3\xa4z");
  EXPECT_EQ(cut.first()->value, std::string(39, 'y') + "...") << "no half character";
}

TEST(CellProblems, TheSentenceHasPlaceCauseCountAndCure) {
  const CellProblem problem{CellProblemKind::kNotANumber, 0, 1, "n/a"};
  EXPECT_EQ(describe(problem, 212, "train/part-3.csv", 1841, layout()).message(),
            "train/part-3.csv:1841, column 2 \"age\": \"n/a\" is not a number. 212 such cells. "
            "Add na_values=n/a, or drop the column with drop_columns=age.");
}

TEST(CellProblems, ADecimalCommaIsCalledByItsName) {
  const CellProblem problem{CellProblemKind::kNotANumber, 0, 1, "5,1"};
  EXPECT_THAT(describe(problem, 1, "train.csv", 1, layout()).message(),
              testing::HasSubstr("\"5,1\" is not a number: decimals are written with a point"));
}

}  // namespace
}  // namespace ringmaker::train
