#include "train/reader/index_column.h"

#include "tests/train/reader/table_files.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

CsvOptions label_and(const std::string& label, std::vector<std::string> drop_columns = {}) {
  return {.label = label, .drop_columns = std::move(drop_columns), .missing_markers = {}};
}

std::string note_on(const std::string& text, const CsvOptions& options) {
  const auto table = TableFiles().add("a.csv", text).read(options);
  return table ? index_note(*table, options) : table.error().message();
}

constexpr std::string_view kLooks =
    "the first column has no name and looks like an index of the rows";

TEST(IndexColumn, AFirstColumnWithoutANameThatCountsTheRowsIsTold) {
  const std::string note =
      std::string(kLooks) + ", which is nothing to learn from: drop it with drop_columns=column_0";
  EXPECT_EQ(note_on(",y,a\n0,1,5\n1,0,6\n2,1,7\n", label_and("y")), note);
  EXPECT_EQ(note_on(",y,a\n1,1,5\n2,0,6\n3,1,7\n", label_and("y")), note);
  EXPECT_EQ(note_on(",y,a\n17,1,5\n2,0,6\n30,1,7\n", label_and("y")), note) << "shuffled";
  EXPECT_EQ(note_on(",y,a\n0,1,5\n1,0,6\n0,1,7\n1,0,8\n", label_and("y")), note)
      << "from the start again, as of two files";
  EXPECT_EQ(note_on(",y,a,b\n0,1,5,1\n1,0,6,1\n2,1,7,1\n", label_and("y", {"b"})),
            std::string(kLooks) + ", which is nothing to learn from: add column_0 to drop_columns");
}

TEST(IndexColumn, OtherColumnsAreNot) {
  EXPECT_EQ(note_on("id,y,a\n0,1,5\n1,0,6\n2,1,7\n", label_and("y")), "") << "it has a name";
  EXPECT_EQ(note_on("0,1,5\n1,0,6\n2,1,7\n", label_and("1")), "") << "no header";
  EXPECT_EQ(note_on(",y,a\n0,1,5\n1.5,0,6\n2,1,7\n", label_and("y")), "");
  EXPECT_EQ(note_on(",y,a\n0,1,5\n2,0,6\n2,1,7\n", label_and("y")), "");
  EXPECT_EQ(note_on(",y,a\n0,1,5\n-1,0,6\n-2,1,7\n", label_and("y")), "");
  EXPECT_EQ(note_on(",y,a\n0,1,5\n,0,6\n2,1,7\n", label_and("y")), "");
  EXPECT_EQ(note_on(",y,a\n0,1,5\n1,0,6\n", label_and("y")), "") << "two rows say little";
}

TEST(IndexColumn, OnceItIsDroppedAsToldNothingIsSaid) {
  EXPECT_EQ(note_on(",y,a\n0,1,5\n1,0,6\n2,1,7\n", label_and("y", {"column_0"})), "");
}

TEST(IndexColumn, ThatWasTakenForTheLabelIsToldWithBothThatMendIt) {
  const std::string text = ",y,a\n0,1,5\n1,0,6\n2,1,7\n";
  EXPECT_EQ(note_on(text, label_and("")),
            std::string(kLooks) +
                ", and was taken for the label because none was named: name the label with "
                "label=NAME, and drop it with drop_columns=column_0");
  EXPECT_EQ(note_on(text, label_and("0")), "") << "it was named";
  EXPECT_EQ(note_on(",y,a\nr,1,5\ns,0,6\nt,1,7\n", label_and("")), "") << "texts";
}

}  // namespace
}  // namespace ringmaker::train
