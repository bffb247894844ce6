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

TEST(CsvLayout, ALabelToldByNameNeedsAHeader) {
  const CsvOptions options{.label = "2020", .drop_columns = {}, .missing_markers = {}};
  const auto layout = make_layout(row_of({"a", "b", "c"}), options, "f:1");
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().message(),
            "f:1: there is no label column \"2020\"; the file has 3 columns");
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
}

TEST(CsvLayout, WeightsAndLabelCannotShareAColumn) {
  const CsvOptions options{
      .label = "1", .drop_columns = {}, .missing_markers = {}, .weights = true};
  EXPECT_EQ(make_layout(row_of({"1", "2", "3"}), options, "f:1").error().message(),
            "f:1: csv_weights=1 says that column 2 holds weights, but it is the label");
}

}  // namespace
}  // namespace ringmaker::train
