#include "train/reader/column_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;

/// Rows of a label, which nobody has named unless a test says so, and features; "" is missing.
class ColumnAdvice : public testing::Test {
 protected:
  std::string advise(const std::vector<std::string>& names,
                     const std::vector<std::vector<std::string>>& rows) {
    FirstRow first{names, {}};
    first.kinds.assign(names.size(), header_ ? FirstRow::Kind::kText : FirstRow::Kind::kNumber);
    const CsvLayout layout =
        *make_layout(first, {.label = label_, .drop_columns = {}, .missing_markers = {}}, "f:1");
    data::DenseBlock features(names.size() - 1, rows.size());
    features.resize(rows.size());
    CellProblems problems;
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t k = 0; k + 1 < names.size(); ++k) {
        const std::string& cell = rows[i][k];
        const bool number = !cell.empty() && std::isdigit(cell.front()) != 0;
        features.span().row(i)[k] = number ? 1 : std::nanf("");
        if (!number && !cell.empty()) {
          problems.note(kind_, i, k + 1, cell);
        }
      }
    }
    return advice(problems, features.view(), layout);
  }

  bool header_ = true;
  std::string label_ = "0";
  CellProblemKind kind_ = CellProblemKind::kNotANumber;
};

TEST_F(ColumnAdvice, AmongNumbersATextMayStandForAMissingValue) {
  EXPECT_EQ(advise({"y", "age"}, {{"1"}, {"?"}, {"2"}, {"x"}, {"3"}}),
            " Add na_values=?,x, or drop the column with drop_columns=age.");
  EXPECT_EQ(advise({"y", "age", "mass"}, {{"1", "?"}, {"2", "7"}, {"?", "8"}}),
            " Add na_values=?, or drop the columns with drop_columns=age,mass.");
}

TEST_F(ColumnAdvice, AColumnOfTextsIsToBeDropped) {
  EXPECT_EQ(advise({"y", "sex", "age"}, {{"M", "1"}, {"F", "2"}, {"I", "3"}}),
            " Drop the column with drop_columns=sex.");
  EXPECT_EQ(advise({"y", "cabin", "age"}, {{"", "1"}, {"C7", "2"}, {"", "3"}}),
            " Drop the column with drop_columns=cabin.")
      << "few of its cells are texts, and none is a number";
  EXPECT_EQ(advise({"y", "sex", "age"}, {{"M", "1"}, {"F", "?"}, {"I", "3"}}),
            " Drop the column with drop_columns=sex, and add na_values=?.");
}

TEST_F(ColumnAdvice, WhereAllAreTextsThereIsNothingToLearnFrom) {
  EXPECT_EQ(advise({"y", "month"}, {{"Jan"}, {"Feb"}}),
            " Write the texts as numbers: no column of numbers would be left to learn from.");
}

TEST_F(ColumnAdvice, ManyDifferentTextsAmongNumbersAreNotListed) {
  EXPECT_EQ(advise({"y", "age"},
                   {{"1"}, {"a"}, {"2"}, {"b"}, {"3"}, {"c"}, {"4"}, {"d"}, {"5"}, {"e"}, {"6"}}),
            " Drop the column with drop_columns=age, or list in na_values what stands for a "
            "missing value.");
}

TEST_F(ColumnAdvice, WhatCannotBeListedIsToBeMended) {
  const std::string mend = " Mend the file, or drop the column with drop_columns=age.";
  EXPECT_EQ(advise({"y", "age"}, {{"1"}, {"x,5"}, {"2"}}), mend) << "na_values is a list";
  EXPECT_EQ(advise({"y", "age"}, {{"1"}, {"a\x1b"}, {"2"}}), mend);
  kind_ = CellProblemKind::kBadQuotes;
  EXPECT_EQ(advise({"y", "age"}, {{"1"}, {"a"}, {"2"}}), mend);
}

TEST_F(ColumnAdvice, WithoutAHeaderColumnsHaveTheirPlaces) {
  header_ = false;
  EXPECT_EQ(advise({"7", "8", "9"}, {{"M", "1"}, {"F", "2"}}),
            " Drop the column with drop_columns=1 (counted from 0).");
}

TEST_F(ColumnAdvice, ATextMayBeTheLabelThatNobodyHasNamed) {
  label_ = "";
  const std::vector<std::vector<std::string>> irises{{"1", "setosa"}, {"2", "virginica"}};
  EXPECT_EQ(advise({"length", "width", "species"}, irises),
            " No label was named, so column 1 \"length\" was taken for it; if column 3 \"species\" "
            "is the label, say label=species. Otherwise drop the column with "
            "drop_columns=species.");
  EXPECT_THAT(advise({"length", "width", "species"}, {{"1", "?"}, {"2", "7"}, {"3", "8"}}),
              testing::Not(HasSubstr("label")))
      << "a column of numbers";
  header_ = false;
  EXPECT_THAT(advise({"1", "2", "3"}, irises),
              HasSubstr("if column 3 (counted from 1) is the label, say label=2 (counted from 0). "
                        "Otherwise drop"));
}

TEST_F(ColumnAdvice, NothingMendsALabel) {
  CellProblems problems;
  problems.note(CellProblemKind::kLabelMissing, 0, 0, "");
  const CsvLayout layout =
      *make_layout({{"y", "a"}, {FirstRow::Kind::kText, FirstRow::Kind::kText}}, {}, "f:1");
  EXPECT_EQ(advice(problems, {}, layout), "");
}

}  // namespace
}  // namespace ringmaker::train
