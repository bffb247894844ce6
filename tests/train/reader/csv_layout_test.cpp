#include "train/reader/csv_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

FirstRow row_of(const std::vector<std::string_view>& fields) {
  codec::FieldConverter converter;
  return read_first_row(fields, converter);
}

TEST(CsvLayout, AHeaderIsTextWhereNumbersWouldBe) {
  EXPECT_TRUE(make_layout(row_of({"y", "a"}), {}, "f:1")->header);
  EXPECT_FALSE(make_layout(row_of({"1", "2"}), {}, "f:1")->header);
  EXPECT_FALSE(make_layout(row_of({"setosa", "5.1", "", "NA"}), {}, "f:1")->header)
      << "one text is a label";
}

TEST(CsvLayout, FeaturesThatAreNumberedInOrderAreAHeader) {
  const FirstRow values = row_of({"setosa", "5.1", "3.5", "1.4"});
  const auto header = [&](const std::vector<std::string_view>& fields, const FirstRow& behind,
                          const CsvOptions& options = {}) {
    return make_layout(row_of(fields), options, "f:1", behind)->header;
  };
  EXPECT_TRUE(header({"species", "0", "1", "2"}, values)) << "as pandas writes it";
  EXPECT_TRUE(header({"species", "1", "2", "3"}, values));
  EXPECT_FALSE(header({"species", "2", "3", "4"}, values));
  EXPECT_FALSE(header({"species", "0", "2", "1"}, values));
  EXPECT_FALSE(header({"species", "0", "1", "2.0"}, values));
  EXPECT_FALSE(header({"setosa", "0", "1", "2"}, values)) << "a label like the next";
  EXPECT_FALSE(header({"a", "0", "1", "2"}, row_of({"b", "0", "1", "2"}))) << "the next alike";
  EXPECT_FALSE(header({"7", "0", "1", "2"}, values)) << "the label is a number";
  EXPECT_FALSE(header({"yes", "0", "1"}, row_of({"no", "1", "0"}))) << "may well be values";
  const CsvOptions last{.label = "3", .drop_columns = {}, .missing_markers = {}};
  EXPECT_TRUE(header({"0", "1", "2", "species"}, row_of({"5", "3", "1", "setosa"}), last));
}

TEST(CsvLayout, ColumnsThatAreAllNumberedAreAHeader) {
  const auto layout = [](const std::vector<std::string_view>& fields, const FirstRow& behind,
                         const CsvOptions& options = {}) {
    return *make_layout(row_of(fields), options, "f:1", behind);
  };
  const FirstRow texts = row_of({"setosa", "5.1", "3.5", "1.4"});
  EXPECT_TRUE(layout({"0", "1", "2", "3"}, texts).header) << "as pandas writes it";
  const CsvOptions last{.label = "-1", .drop_columns = {}, .missing_markers = {}};
  EXPECT_TRUE(layout({"", "0", "1", "2"}, row_of({"0", "5", "3", "a"}), last).header)
      << "and with its index";
  EXPECT_FALSE(layout({"", "0", "1", "2"}, texts).header) << "a label that is missing";
  EXPECT_TRUE(layout({"0", "1", "2", "3"}, row_of({"1", "0.5", "0", "2"})).header);
  EXPECT_TRUE(layout({"0", "1", "2", "3"}, row_of({"1", "17", "0", "2"})).header);
  EXPECT_EQ(layout({"0", "1", "2", "3"}, row_of({"5", "3", "1", "a"}), last).label_column, 3U);
  EXPECT_FALSE(layout({"0", "1", "2"}, row_of({"a", "5.1", "3.5"})).header) << "may be values";
  EXPECT_FALSE(layout({"1", "0", "2", "3"}, row_of({"1", "0.5", "0", "2"})).header);
  EXPECT_FALSE(layout({"0", "1", "2", "4"}, row_of({"1", "0.5", "0", "2"})).header);
}

TEST(CsvLayout, ARowOfPlacesInOrderIsDoubtfulAmongOthers) {
  const FirstRow ranking = row_of({"2", "3", "1", "0"});
  const FirstRow in_order = row_of({"0", "1", "2", "3"});
  const auto doubtful = make_layout(in_order, {}, "f:1", ranking);
  EXPECT_FALSE(doubtful->header);
  EXPECT_TRUE(doubtful->numbered_row);
  CsvOptions told;
  told.header = false;
  EXPECT_FALSE(make_layout(in_order, told, "f:1", ranking)->numbered_row);
  EXPECT_FALSE(make_layout(ranking, {}, "f:1", in_order)->numbered_row);
}

TEST(CsvLayout, WhatOtherToolsWriteForAMissingValueMakesNoHeader) {
  const FirstRow behind = row_of({"b", "3", "4"});
  for (const auto& fields : std::vector<std::vector<std::string_view>>{
           {"a", "?", "n/a"}, {"a", "\\N", "none"}, {"a", "-", "N/A"}, {"a", "?", "2"}}) {
    EXPECT_FALSE(make_layout(row_of(fields), {}, "f:1", behind)->header) << fields[1];
  }
  EXPECT_TRUE(make_layout(row_of({"y", "mass", "?", "size"}), {}, "f:1", behind)->header);
}

TEST(CsvLayout, NumbersForNamesAreDoubtfulUnlessTheHeaderIsToldOrHasTheLabel) {
  const auto doubtful = [](const std::vector<std::string_view>& fields, const FirstRow& behind,
                           const CsvOptions& options = {}) {
    return make_layout(row_of(fields), options, "f:1", behind)->numbers_for_names;
  };
  const FirstRow behind = row_of({"acc", "3", "1", "2"});
  EXPECT_EQ(doubtful({"unacc", "1", "2", "3"}, behind), 3U);
  EXPECT_EQ(doubtful({"0", "1", "2", "3"}, row_of({"0", "2", "4", "1"})), 4U);
  EXPECT_EQ(doubtful({"y", "red", "big", "3"}, behind), 1U);
  EXPECT_EQ(doubtful({"y", "a", "b", "c"}, behind), 0U);
  EXPECT_EQ(doubtful({"5", "1", "2", "3"}, behind), 0U) << "it is no header";
  const CsvOptions told{.label = "", .drop_columns = {}, .missing_markers = {}, .header = true};
  EXPECT_EQ(doubtful({"unacc", "1", "2", "3"}, behind, told), 0U);
  const CsvOptions named{.label = "y", .drop_columns = {}, .missing_markers = {}};
  EXPECT_EQ(doubtful({"y", "1", "2", "3"}, behind, named), 0U);
}

TEST(CsvLayout, ANumberedHeaderIsKnownInFurtherFilesToo) {
  const FirstRow values = row_of({"b", "5.1", "3.5", "1.4"});
  const auto layout = make_layout(row_of({"a", "7", "8", "9"}), {}, "f:1", values);
  ASSERT_TRUE(layout);
  const auto repeats = repeats_header(row_of({"y", "0", "1", "2"}), *layout, "g:1", values);
  ASSERT_FALSE(repeats);
  EXPECT_THAT(repeats.error().message(), testing::HasSubstr("this file has a header, and the"));
}

/// A first row that is taken for a header is lost.
TEST(CsvLayout, TextsOfLabelsAndDroppedColumnsMakeNoHeader) {
  const CsvOptions options{.label = "3", .drop_columns = {"1"}, .missing_markers = {}};
  EXPECT_FALSE(make_layout(row_of({"39", "Gov", "7", "no"}), options, "f:1")->header);
  EXPECT_TRUE(make_layout(row_of({"age", "work", "years", "rich"}), options, "f:1")->header);
  EXPECT_FALSE(make_layout(row_of({"1", "n/a"}), {}, "f:1")->header) << "a bad cell";
  EXPECT_FALSE(make_layout(row_of({"yes", "n/a", "3"}), {}, "f:1")->header) << "a bad cell";
}

TEST(CsvLayout, ADecimalCommaMakesNoHeader) {
  EXPECT_FALSE(make_layout(row_of({"0", "5,1", "3,5"}), {}, "f:1")->header);
  EXPECT_FALSE(make_layout(row_of({"0,5", "5,1"}), {}, "f:1")->header);
}

TEST(CsvLayout, ALabelToldByNameNeedsAHeader) {
  const CsvOptions options{.label = "2020", .drop_columns = {}, .missing_markers = {}};
  const auto layout = make_layout(row_of({"a", "b", "c"}), options, "f:1");
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().message(),
            "f:1: there is no label column \"2020\"; the file has 3 columns, counted from 0");
}

TEST(CsvLayout, ALabelToldByNameWhereThereAreNoNamesIsNotFound) {
  const auto sentence = [](const std::vector<std::string_view>& fields, std::string_view label) {
    const auto layout = make_layout(
        row_of(fields), {.label = std::string(label), .drop_columns = {}, .missing_markers = {}},
        "f:1");
    return layout ? "" : layout.error().message();
  };
  EXPECT_EQ(sentence({"0", "0", "0"}, "target"),
            "f:1: there is no label column \"target\", and the file has no header: give its "
            "position, 0 to 2");
  EXPECT_EQ(sentence({"a", "0.5", "7"}, "target"), sentence({"0", "0", "0"}, "target"));
  EXPECT_EQ(sentence({"a", "b", "c"}, "target"),
            "f:1: there is no label column \"target\"; the file has 3 columns");
  EXPECT_EQ(sentence({"2019", "target", "2021"}, "target"), "") << "its name makes it a header";
}

TEST(CsvLayout, MinusOneIsTheLastColumn) {
  const CsvOptions last{.label = "-1", .drop_columns = {}, .missing_markers = {}};
  EXPECT_EQ(make_layout(row_of({"1", "1", "2"}), last, "f:1")->label_column, 2U);
  EXPECT_EQ(make_layout(row_of({"a", "b", "c", "y"}), last, "f:1")->label_column, 3U);
  EXPECT_EQ(make_layout(row_of({"a", "2", "y"}), last, "f:1")->label_column, 2U)
      << "and never the name of another";
  EXPECT_FALSE(make_layout(row_of({"1", "2", "-1"}), last, "f:1")->header) << "a label, no name";
}

TEST(CsvLayout, ANumberThatIsOneColumnsNameAndAnothersPositionIsRefused) {
  const auto label = [](std::string_view wanted, const std::vector<std::string_view>& fields) {
    return make_layout(row_of(fields),
                       {.label = std::string(wanted), .drop_columns = {}, .missing_markers = {}},
                       "f:1");
  };
  // How iris.csv begins where scikit-learn wrote it: counts and class names, and five columns.
  const auto unclear = label("4", {"150", "4", "setosa", "versicolor", "virginica"});
  ASSERT_FALSE(unclear);
  EXPECT_EQ(unclear.error().message(),
            "f:1: the label column \"4\" is unclear: it is the name of column 2 and, counted from "
            "0, the position of column 5, \"virginica\"");
  EXPECT_EQ(label("1", {"a", "1", "c"})->label_column, 1U) << "both mean the same";
  EXPECT_EQ(label("2020", {"a", "b", "2020"})->label_column, 2U) << "no such position";
}

TEST(CsvLayout, WhetherThereIsAHeaderMayBeTold) {
  CsvOptions options;
  options.header = true;
  const auto years = make_layout(row_of({"2019", "2020", "2021"}), options, "f:1");
  EXPECT_THAT(years->feature_names, ElementsAre("2020", "2021"));
  EXPECT_TRUE(*repeats_header(row_of({"2019", "2020", "2021"}), *years, "g:1"));
  options.header = false;
  EXPECT_FALSE(make_layout(row_of({"y", "a"}), options, "f:1")->header);
}

TEST(CsvLayout, TheLabelIsNotDropped) {
  CsvOptions options;
  options.drop_columns = {"y"};
  EXPECT_EQ(make_layout(row_of({"y", "a"}), options, "f:1").error().message(),
            "f:1: drop_columns names column 1 \"y\", which is the label");
}

TEST(CsvLayout, AFileThatIsNoCsvIsToldWhatItLooksLike) {
  const auto refused = [](std::string_view first) {
    return make_layout(row_of({first}), {}, "f:1").error().message();
  };
  EXPECT_EQ(refused("7"), "f:1: there is no column besides the label");
  EXPECT_EQ(refused("1 1:0.5 7:2"),
            "f:1: there is no column besides the label; the file looks like libsvm: convert it to "
            "CSV");
}

TEST(CsvLayout, FeaturesAreWhatIsLeft) {
  const CsvOptions options{.label = "c", .drop_columns = {"b", "4"}, .missing_markers = {}};
  const auto layout = make_layout(row_of({"a", "b", "c", "d", "e", "\"f\""}), options, "f:1");
  ASSERT_TRUE(layout) << layout.error().message();
  EXPECT_THAT(layout->feature_names, ElementsAre("a", "d", "f"));
  ASSERT_EQ(layout->runs.size(), 3U);
  EXPECT_EQ(layout->runs[2].column, 5U);
  EXPECT_EQ(layout->runs[2].feature, 2U);
}

TEST(CsvLayout, AColumnWithoutANameHasItsPlace) {
  const auto layout = make_layout(row_of({"", "y", "a"}), {}, "f:1");
  ASSERT_TRUE(layout);
  EXPECT_THAT(layout->names, ElementsAre("column_0", "y", "a"));
  EXPECT_TRUE(*repeats_header(row_of({"", "y", "a"}), *layout, "g:1"));
  EXPECT_TRUE(layout->first_unnamed);
  EXPECT_FALSE(make_layout(row_of({"x", "y", ""}), {}, "f:1")->first_unnamed);
  EXPECT_EQ(make_layout(row_of({"", "y", "column_0"}), {}, "f:1").error().message(),
            "f:1: columns 1 and 3 are both named \"column_0\"");
}

TEST(CsvLayout, AHeaderBehindAFileWithoutOneIsTold) {
  const auto layout = make_layout(row_of({"1", "2", "3"}), {}, "f:1");
  ASSERT_TRUE(layout);
  EXPECT_EQ(
      repeats_header(row_of({"y", "a", "b"}), *layout, "g:1").error().message(),
      "g:1: this file has a header, and the first one has none; give all of them one, or none");
  EXPECT_FALSE(*repeats_header(row_of({"1", "a", "b"}), *layout, "g:1"))
      << "a row with bad cells, which are told as such";
  EXPECT_FALSE(*repeats_header(row_of({"4", "5", "6"}), *layout, "g:1"));
}

TEST(CsvLayout, WeightsAndLabelCannotShareAColumn) {
  const CsvOptions options{
      .label = "1", .drop_columns = {}, .missing_markers = {}, .weights = true};
  EXPECT_EQ(make_layout(row_of({"1", "2", "3"}), options, "f:1").error().message(),
            "f:1: csv_weights=1 says that the second column holds weights, but it is the label");
}

TEST(CsvLayout, APositionBeyondTheColumnsIsToldWithTheirCount) {
  const auto missing = [](const std::vector<std::string_view>& fields, const std::string& label) {
    const CsvOptions options{.label = label, .drop_columns = {}, .missing_markers = {}};
    return make_layout(row_of(fields), options, "f:1").error().message();
  };
  EXPECT_EQ(missing({"1", "2", "3"}, "7"),
            "f:1: there is no label column \"7\"; the file has no header, and 3 columns, counted "
            "from 0");
  EXPECT_EQ(missing({"y", "a", "b"}, "7"),
            "f:1: there is no label column \"7\"; the file has 3 columns, counted from 0");
  EXPECT_EQ(
      missing({"yes", "a", "b"}, "Yess"),
      "f:1: there is no label column \"Yess\"; the file has 3 columns; did you mean \"yes\"?");
}

}  // namespace
}  // namespace ringmaker::train
