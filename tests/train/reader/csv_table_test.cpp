#include "train/reader/csv_table.h"

#include "tests/train/reader/table_files.h"
#include "train/reader/row_chunker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CsvTable, TheFirstColumnIsTheLabelUnlessToldOtherwise) {
  TableFiles files;
  files.add("a.csv", "y,a,b\n1,2,3\n4,5,6\n");
  const auto table = files.read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->labels, ElementsAre(1, 4));
  EXPECT_THAT(values(*table), ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(table->layout.feature_names, ElementsAre("a", "b"));
  const auto by_name = files.read({.label = "b", .drop_columns = {}, .missing_markers = {}});
  ASSERT_TRUE(by_name);
  EXPECT_THAT(by_name->labels, ElementsAre(3, 6));
  EXPECT_THAT(values(*by_name), ElementsAre(1, 2, 4, 5));
}

TEST(CsvTable, SeparatorsQuotesLineEndsAndMarksAreAsTheyCome) {
  for (const std::string text : {"1;2.5;3\n4;5;6\n", "1\t2.5\t3\n4\t5\t6", "1|2.5|3\r\n4|5|6\r\n",
                                 "1,\"2.5\",3\n4,\"5\",6\n",
                                 "\xEF\xBB\xBF"
                                 "1,2.5,3\n4,5,6\n",
                                 "\n\n1,2.5,3\n\n4,5,6\n\n", "1, 2.5 ,3\n4,5,6\n"}) {
    const auto table = TableFiles().add("a.csv", text).read();
    ASSERT_TRUE(table) << text << table.error().message();
    EXPECT_THAT(table->labels, ElementsAre(1, 4)) << text;
    EXPECT_THAT(values(*table), ElementsAre(2.5F, 3, 5, 6)) << text;
  }
}

TEST(CsvTable, AHeaderMayStandInEachFileOrOnlyInTheFirst) {
  TableFiles files;
  files.add("a.csv", "y,a\n1,2\n").add("b.csv", "3,4\n").add("c.csv", "y,a\n5,6");
  const auto table = files.read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->labels, ElementsAre(1, 3, 5));
  EXPECT_EQ(TableFiles().add("a.csv", "y,a\n1,2\n").add("b.csv", "y,b\n3,4\n").error(),
            "b.csv:1: the header differs from the first one: column 2 is \"b\", there it is \"a\"");
}

TEST(CsvTable, ARowThatDoesNotEndIsNamedByItsPlace) {
  const std::string endless(RowChunker::kRowBytesMax + 2 * 1024 * 1024, '7');
  EXPECT_THAT(TableFiles().add("a.csv", "y,a\n1,2\n\n3,4\n5," + endless).error(),
              testing::StartsWith("a.csv:5: a row is longer than 64 MiB; is a quote"));
  EXPECT_THAT(TableFiles().add("a.csv", "y,a\n1,2\n").add("b.csv", "5," + endless).error(),
              testing::StartsWith("b.csv:1: a row is longer than 64 MiB; is a quote"));
}

TEST(CsvTable, DecimalCommasBetweenSemicolonsAreTold) {
  EXPECT_THAT(TableFiles().add("a.csv", "1,5;2,5;3,5\n4,5;5,5;6,5\n").error(),
              HasSubstr("a.csv:1, column 2 (counted from 1): \"2,5\" is not a number: decimals are "
                        "written with a point."));
}

TEST(CsvTable, AHeaderOfNumbersIsNoRowWhateverTheSizeOfABlock) {
  for (const size_t block : {2, 13, 1 << 20}) {
    const auto read = [&](const std::string& text) {
      const auto table = TableFiles().add("a.csv", text).read({}, {.block_bytes = block});
      EXPECT_TRUE(table) << block << ": " << table.error().message();
      return table ? table->label_texts : std::vector<std::string>();
    };
    const std::string rows = "b,5.1,3.5,1.4,0.2\na,1,2,3,4\n";
    EXPECT_THAT(read("species,0,1,2,3\n" + rows), ElementsAre("a", "b")) << block;
    EXPECT_THAT(read("\nspecies,0,1,2,3\n\n\n" + rows), ElementsAre("a", "b")) << block;
    EXPECT_THAT(read("c,0,1,2,3\nd,0,1,2,3\n" + rows), ElementsAre("a", "b", "c", "d")) << block;
    EXPECT_THAT(read("c,0,1,2,3\n\nc,7,1,2,3\n" + rows), ElementsAre("a", "b", "c")) << block;
  }
}

TEST(CsvTable, AHeaderThatNumbersTheLabelTooIsNoClass) {
  const auto table = TableFiles()
                         .add("a.csv", "0,1,2,3,4\nsetosa,5.1,3.5,1.4,0.2\nother,6,3,5,2\n")
                         .add("b.csv", "0,1,2,3,4\nsetosa,5,3,1,0\n")
                         .read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->label_texts, ElementsAre("other", "setosa"));
  EXPECT_THAT(table->labels, ElementsAre(1, 0, 1));
}

TEST(CsvTable, TextLabelsAreClassesInTheOrderOfTheirNames) {
  TableFiles files;
  files.add("a.csv", "b,1\na,2\n7,3\n7.0,4\nb,5\n");
  const auto table = files.read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->label_texts, ElementsAre("7", "a", "b"));
  EXPECT_THAT(table->labels, ElementsAre(2, 1, 0, 0, 2)) << "numbers among texts are classes too";
}

TEST(CsvTable, LabelsKeepTheirFullPrecision) {
  const auto table =
      TableFiles().add("a.csv", "16777217,0\n0.1,0\n-123456,0\n9999999,0\n1e-300,0\n").read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->labels, ElementsAre(16777217, 0.1, -123456, 9999999, 1e-300));
}

TEST(CsvTable, MissingValuesAreOneNaN) {
  const CsvOptions options{.label = "", .drop_columns = {}, .missing_markers = {"?", "-999"}};
  const auto table = TableFiles().add("a.csv", "1,,NA,-nan\n2,?,-999,null\n").read(options);
  ASSERT_TRUE(table) << table.error().message();
  const float missing = std::nanf("");
  for (const float value : values(*table)) {
    EXPECT_EQ(std::memcmp(&value, &missing, sizeof value), 0);
  }
}

TEST(CsvTable, WeightsAreTheSecondColumnWhenAskedFor) {
  const CsvOptions options{.label = "", .drop_columns = {}, .missing_markers = {}, .weights = true};
  const auto table = TableFiles().add("a.csv", "1,0.5,7\n0,2,8\n").read(options);
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->weights, ElementsAre(0.5F, 2));
  EXPECT_THAT(values(*table), ElementsAre(7, 8));
  EXPECT_EQ(TableFiles().add("a.csv", "1,0.5,7\n0,-2,8\n").error(options),
            "a.csv:2, column 2 (counted from 1): \"-2\" is not a weight, a number that is not "
            "negative.");
}

TEST(CsvTable, WhatCannotBeUsedIsNamedAndCounted) {
  struct Case {
    std::string text;
    std::string error;
  };
  const std::vector<Case> cases{
      {"y,age\n1,2\n2,n/a\n3,n/a\n4,x\n5,6\n7,8\n9,0\n",
       "a.csv:3, column 2 \"age\": \"n/a\" is not a number. 3 such cells. Add na_values=n/a,x, or "
       "drop the column with drop_columns=age."},
      {"y,sex,age,cabin\n1,M,2,\n2,F,n/a,\n3,M,4,C7\n5,I,6,\n",
       "a.csv:2, column 2 \"sex\": \"M\" is not a number. 6 such cells. Nor can cells of column 3 "
       "\"age\", column 4 \"cabin\" be used. Drop the columns with drop_columns=sex,cabin, and add "
       "na_values=n/a."},
      {"y,month\n1,1949-01\n2,1949-02\n",
       "a.csv:2, column 2 \"month\": \"1949-01\" is not a number. 2 such cells. Write the texts as "
       "numbers: no column of numbers would be left to learn from."},
      {"1,2\n2,1e999\n",
       "a.csv:2, column 2 (counted from 1): \"1e999\" is too large for a number. Add "
       "na_values=1e999, or drop the column with drop_columns=1 (counted from 0)."},
      {"1,2\n2,inf\n3,-Infinity\n",
       "a.csv:2, column 2 (counted from 1): \"inf\" is not a finite number. 2 such cells. Add "
       "na_values=inf,-Infinity, or drop the column with drop_columns=1 (counted from 0)."},
      {"1,2\n2,\xff\n",
       "a.csv:2, column 2 (counted from 1): \"\\xff\" is not valid UTF-8. Mend the file, or drop "
       "the "
       "column with drop_columns=1 (counted from 0)."},
      {"1,2\n2,\"3\"4\n",
       "a.csv:2, column 2 (counted from 1): \"3\"4 has a quote where none may stand. Mend the "
       "file, "
       "or drop the column with drop_columns=1 (counted from 0)."},
      {"1,2\n,4\n,5\n", "a.csv:2, column 1 (counted from 1): the label is missing. 2 such cells."},
      {"1,2\nnan,4\n", "a.csv:2, column 1 (counted from 1): the label is missing."},
      {"1,2\n1e999,4\n",
       "a.csv:2, column 1 (counted from 1): \"1e999\" is too large for a number."},
      {"1,2\ninf,4\n", "a.csv:2, column 1 (counted from 1): \"inf\" is not a finite number."},
      {"1,2\n\xff,4\n", "a.csv:2, column 1 (counted from 1): \"\\xff\" is not valid UTF-8."},
      {"1,2\n3,4\n5,6,7\n8,9\n", "a.csv:3 has 3 columns; the rows before have 2"},
      {"1,2,3\n4,5,6\n7,8",
       "a.csv:3 has 2 columns; the rows before have 3. It is the last row and no newline ends it: "
       "is the file cut off?"},
      {"1,2\n3,\"4\n5,6\n", "a.csv:2: a quoted field is not closed"},
      {"\"1,2\n3,4\n", "a.csv:1: a quoted field is not closed"},
      {"y,a,a\n1,2,3\n", "a.csv:1: columns 2 and 3 are both named \"a\""},
      {"y,\xff\n1,2\n", "a.csv:1, column 2: the name is not valid UTF-8"},
      {"y\n1\n", "a.csv:1: there is no column besides the label"},
      {"y,a\n", "a.csv has no rows of data"},
      {"\n\n", "a.csv has no rows of data"},
  };
  for (const Case& c : cases) {
    for (const size_t block_bytes : {3, 1 << 20}) {
      EXPECT_EQ(TableFiles()
                    .add("a.csv", c.text)
                    .error({.label = "0", .drop_columns = {}, .missing_markers = {}},
                           {.block_bytes = block_bytes}),
                c.error);
    }
  }
}

TEST(CsvTable, FurtherDataHasTheColumnsOfTheFirst) {
  const auto train = TableFiles().add("t.csv", "y,a\n1,2\n").read();
  ASSERT_TRUE(train);
  EXPECT_THAT(TableFiles().add("v.csv", "y,a\n3,4\n").error({}, {}, &train->layout), IsEmpty());
  EXPECT_THAT(TableFiles().add("v.csv", "3,4\n").error({}, {}, &train->layout), IsEmpty());
  EXPECT_EQ(TableFiles().add("v.csv", "a,y\n3,4\n").error({}, {}, &train->layout),
            "v.csv:1: the header differs from the first one: column 1 is \"a\", there it is \"y\"");
  EXPECT_EQ(TableFiles().add("v.csv", "3,4,5\n").error({}, {}, &train->layout),
            "v.csv:1 has 3 columns; the training data has 2");
}

TEST(CsvTable, ALabelThatIsNotThereIsToldWithTheNearestName) {
  EXPECT_EQ(TableFiles()
                .add("a.csv", "price,age\n1,2\n")
                .error({.label = "prize", .drop_columns = {}, .missing_markers = {}}),
            "a.csv:1: there is no label column \"prize\"; the file has 2 columns; did you mean "
            "\"price\"?");
}

TEST(CsvTable, StopsWhenAskedTo) {
  const auto table =
      TableFiles().add("a.csv", "1,2\n").read({}, {.stop_requested = [] { return true; }});
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code(), base::ErrorCode::kCancelled);
}

/// Numbers of every shape, texts as labels, quotes, line ends within them and gaps.
std::string many_rows(size_t rows, unsigned seed) {
  std::mt19937 random(seed);
  std::string text = "label,a,\"b\nc\",d\n";
  for (size_t i = 0; i < rows; ++i) {
    const auto pick = random() % 7;
    text += pick == 0 ? "\"some\nclass\"" : "class " + std::to_string(random() % 5);
    text += "," + std::to_string(static_cast<double>(random()) / 1e5);
    text += pick == 1 ? "," : ",\"" + std::to_string(random() % 1000) + "\"";
    text += pick == 2 ? ",1e-3\r\n" : "," + std::to_string(i) + "\n";
  }
  return text;
}

TEST(CsvTable, NeitherThreadsNorBlocksChangeTheTable) {
  TableFiles files;
  files.add("a.csv", many_rows(700, 1))
      .add("b.csv", many_rows(3, 2))
      .add("c.csv", many_rows(90, 3));
  const auto expected = files.read({}, {.threads = 1});
  ASSERT_TRUE(expected) << expected.error().message();
  ASSERT_EQ(expected->labels.size(), 793U);
  const auto bytes = [](const CsvTable& table) {
    const data::DenseView view = table.features.view();
    return std::string(reinterpret_cast<const char*>(view.values),
                       view.rows * view.columns * sizeof(float));
  };
  for (const size_t threads : {1, 2, 5}) {
    for (const size_t block : {2, 7, 64, 333, 4096}) {
      const auto table =
          files.read({}, {.threads = threads, .block_bytes = block, .headroom_bytes = 16});
      ASSERT_TRUE(table) << table.error().message();
      EXPECT_EQ(bytes(*table), bytes(*expected)) << threads << " threads, blocks of " << block;
      EXPECT_EQ(table->labels, expected->labels);
      EXPECT_EQ(table->label_texts, expected->label_texts);
    }
  }
}

TEST(CsvTable, NeitherThreadsNorBlocksChangeTheError) {
  std::string bad = many_rows(300, 4);
  bad += "class 1,x,2,3\nclass 1,y,2,3\n" + many_rows(300, 5).substr(17) + "class 1,2\n";
  TableFiles cells;
  cells.add("a.csv", many_rows(200, 1)).add("b.csv", bad.substr(0, bad.size() - 10));
  TableFiles rows;
  rows.add("a.csv", many_rows(200, 1)).add("b.csv", bad);
  const auto place_of = [&bad](size_t at) {
    return "b.csv:" +
           std::to_string(1 +
                          std::count(bad.begin(), bad.begin() + static_cast<ptrdiff_t>(at), '\n'));
  };
  EXPECT_THAT(cells.error(), HasSubstr(place_of(bad.find("class 1,x")) +
                                       ", column 2 \"a\": \"x\" is not a number. 2 such"));
  EXPECT_THAT(rows.error(), HasSubstr(place_of(bad.rfind("class 1,2\n")) +
                                      " has 2 columns; the rows before have 4"));
  for (const size_t threads : {2, 4}) {
    for (const size_t block : {64, 1000}) {
      EXPECT_EQ(cells.error({}, {.threads = threads, .block_bytes = block}), cells.error());
      EXPECT_EQ(rows.error({}, {.threads = threads, .block_bytes = block}), rows.error());
    }
  }
}

TEST(CsvTable, FilesWithoutTheHeaderOfTheFirstAreKnown) {
  TableFiles files;
  files.add("a.csv", "y,a\n1,2\n").add("b.csv", "0,3\n").add("c.csv", "y,a\n1,4\n");
  const auto table = files.add("d.csv", "\n0,5\n").read();
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->files, testing::ElementsAre("a.csv", "b.csv", "c.csv", "d.csv"));
  EXPECT_THAT(table->headerless_files, testing::ElementsAre(1, 3));
  EXPECT_TRUE(TableFiles().add("a.csv", "1,2\n").read()->headerless_files.empty())
      << "there is no header to lack";
}

TEST(CsvTable, EveryRowHasAPlaceWhateverTheBlocks) {
  TableFiles files;
  files.add("a.csv", "\ny,a\n1,2\n\n2,3\n3,4\n").add("b.csv", "4,5\n\n\n5,6");
  for (const size_t bytes : {8, 13, 4096}) {
    const auto table = files.read({}, {.threads = 2, .block_bytes = bytes});
    ASSERT_TRUE(table) << table.error().message();
    std::vector<std::string> places;
    for (size_t row = 0; row < table->labels.size(); ++row) {
      places.push_back(table->place_of(row));
    }
    EXPECT_THAT(places, testing::ElementsAre("a.csv:3", "a.csv:5", "a.csv:6", "b.csv:1", "b.csv:4"))
        << bytes;
  }
}

TEST(CsvTable, NewlinesWithinQuotesAreLinesWhateverTheBlocks) {
  for (const std::string& end : {std::string("\n"), std::string("\r\n")}) {
    const auto lines = [&end](const std::vector<std::string>& all) {
      std::string text;
      for (const std::string& line : all) {
        text += line + end;
      }
      return text;
    };
    const std::string rows = lines({"c,1,1", "\"a", "b\",2,2", "", "\"a", "", "b\",2,2", "c,3,3"});
    TableFiles good;
    good.add("a.csv", lines({"\"the", "label\",a,b"}) + rows).add("b.csv", rows);
    TableFiles cell;
    cell.add("a.csv", rows + lines({"c,x,3"}));
    TableFiles columns;
    columns.add("a.csv", rows + lines({"\"c", "d\",3"}));
    TableFiles quote;
    quote.add("a.csv", rows + lines({"\"c,3,3", "c,3,3"}));
    for (const size_t bytes : {7, 16, 4096}) {
      const ReadOptions read{.threads = 2, .block_bytes = bytes};
      const auto table = good.read({}, read);
      ASSERT_TRUE(table) << table.error().message();
      std::vector<std::string> places;
      for (size_t row = 0; row < table->labels.size(); ++row) {
        places.push_back(table->place_of(row));
      }
      EXPECT_THAT(places, testing::ElementsAre("a.csv:3", "a.csv:4", "a.csv:7", "a.csv:10",
                                               "b.csv:1", "b.csv:2", "b.csv:5", "b.csv:8"))
          << bytes;
      EXPECT_THAT(cell.error({}, read), testing::StartsWith("a.csv:9, column 2")) << bytes;
      EXPECT_THAT(columns.error({}, read), testing::StartsWith("a.csv:9 has 2 columns")) << bytes;
      EXPECT_THAT(quote.error({}, read), testing::StartsWith("a.csv:9: a quoted field")) << bytes;
    }
  }
}

TEST(CsvTable, TheFirstNumberWithZerosInFrontAmongTheLabelsIsTold) {
  const auto first = [](const std::string& text) {
    return TableFiles().add("a.csv", text).read()->first_zero_label;
  };
  EXPECT_EQ(first("10,1\n007,2\n008,3\n"), "a.csv:2, column 1 (counted from 1): \"007\"");
  EXPECT_EQ(first("\"00000000001\",2\n"), "a.csv:1, column 1 (counted from 1): \"00000000001\"");
  EXPECT_EQ(first("0,1\n0.5,2\n10,3\n"), "");
}

}  // namespace
}  // namespace ringmaker::train
