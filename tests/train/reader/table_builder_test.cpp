#include "train/reader/table_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

class TableBuilderTest : public testing::Test {
 protected:
  ParsedRows rows_of(const std::string& text) const {
    RowParser parser(layout_, options_);
    ParsedRows rows;
    parser.parse(text, ',', rows);
    return rows;
  }
  static RowPiece piece(size_t index, const std::string& text) {
    RowPiece made;
    made.index = index;
    made.text = text;
    return made;
  }
  CsvOptions options_;
  CsvLayout layout_ = *make_layout({{"1", "2"}, {FirstRow::Kind::kNumber, FirstRow::Kind::kNumber}},
                                   options_, "a.csv:1");
  std::vector<DataFile> files_{{"a.csv", "a.csv", 100}};
};

TEST_F(TableBuilderTest, PiecesGoInByTheirIndexWhateverComesFirst) {
  TableBuilder builder(files_);
  const std::string first = "1,2\n";
  const std::string second = "3,4\n5,6\n";
  std::thread late([&] { EXPECT_TRUE(builder.add(piece(1, second), rows_of(second), &layout_)); });
  EXPECT_TRUE(builder.add(piece(0, first), rows_of(first), &layout_));
  late.join();
  const auto table = builder.finish(&layout_);
  ASSERT_TRUE(table);
  EXPECT_THAT(table->labels, ElementsAre(1, 3, 5));
}

TEST_F(TableBuilderTest, AnErrorEndsTheWaitingOfAll) {
  TableBuilder builder(files_);
  std::thread waiting(
      [&] { EXPECT_FALSE(builder.add(piece(7, "1,2\n"), rows_of("1,2\n"), &layout_)); });
  builder.give_up({base::ErrorCode::kExhausted, "no memory"});
  waiting.join();
  EXPECT_EQ(builder.finish(&layout_).error().message(), "no memory");
}

TEST_F(TableBuilderTest, TheFirstErrorInTheTextIsTheOneTold) {
  TableBuilder builder(files_);
  RowPiece broken = piece(1, "");
  broken.error = base::Error(base::ErrorCode::kCorrupt, "damaged");
  const std::string bad = "1,2\n3\n4,5\n";
  std::thread late([&] { EXPECT_FALSE(builder.add(broken, ParsedRows(), nullptr)); });
  EXPECT_FALSE(builder.add(piece(0, bad), rows_of(bad), &layout_));
  late.join();
  EXPECT_EQ(builder.finish(&layout_).error().message(),
            "a.csv:2 has 1 column; the rows before have 2");
}

}  // namespace
}  // namespace ringmaker::train
