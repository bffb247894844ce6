#include "train/reader/row_source.h"

#include "tests/train/reader/table_files.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

TEST(RowSource, GivesPiecesInOrderWithoutHeaders) {
  TableFiles files;
  files.add("a.csv", "\n\ny;a\n1;2\n3;4\n").add("b.csv", "y,a\n").add("c.csv", "y,a\n5,6\n");
  const CsvOptions options;
  RowSource source(files.list(), options, {.block_bytes = 10}, nullptr);
  RowPiece piece;
  std::string text;
  std::string separators;
  for (size_t i = 0; source.next(piece); ++i) {
    ASSERT_FALSE(piece.error) << piece.error->message();
    EXPECT_EQ(piece.index, i);
    EXPECT_EQ(piece.lines_before, text.empty() ? 3U : piece.file == 2 ? 1U : 0U);
    text += piece.text;
    separators += piece.separator;
  }
  EXPECT_EQ(text, "1;2\n3;4\n5,6\n");
  EXPECT_TRUE(separators.starts_with(';') && separators.ends_with(',')) << separators;
}

TEST(RowSource, AFileThatIsNoCsvOfOursIsToldAsSuch) {
  for (const auto& [text, sentence] :
       {std::pair{std::string("1 2 3\n"),
                  "a.csv: the first row holds 3 values separated by blanks"},
        {std::string("\xFE\xFF\0001\0\n", 6), "a.csv: the file looks like UTF-16"},
        {std::string("5.1,\0,1.4\n", 10), "a.csv: the file is not text: its first line holds NUL"},
        {std::string("\x80\4\x95\x10\0\0\0\0\n", 9),
         "a.csv: the file looks like a pickle of Python"},
        {std::string("PAR1\x15\x04"), "a.csv: the file looks like Parquet; CSV is expected"},
        {std::string("a\rb\r"), "a.csv: the rows end in CR alone"}}) {
    TableFiles files;
    files.add("a.csv", text);
    const CsvOptions options;
    RowSource source(files.list(), options, {}, nullptr);
    RowPiece piece;
    ASSERT_TRUE(source.next(piece));
    ASSERT_TRUE(piece.error) << text;
    EXPECT_TRUE(piece.error->message().starts_with(sentence)) << piece.error->message();
  }
}

TEST(RowSource, AnErrorIsTheLastPiece) {
  TableFiles files;
  files.add("a.csv", "1,2\n").add("b.csv", "1,2,3\n");
  const CsvOptions options;
  RowSource source(files.list(), options, {}, nullptr);
  RowPiece piece;
  ASSERT_TRUE(source.next(piece));
  EXPECT_FALSE(piece.error);
  ASSERT_TRUE(source.next(piece));
  ASSERT_TRUE(piece.error);
  EXPECT_EQ(piece.error->message(), "b.csv:1 has 3 columns; the training data has 2");
  EXPECT_FALSE(source.next(piece));
}

}  // namespace
}  // namespace ringmaker::train
