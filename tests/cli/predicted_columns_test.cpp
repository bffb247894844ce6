#include "cli/predicted_columns.h"

#include "base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::cli {
namespace {

data::OutputSchema binary() {
  return {.task = data::Task::kBinary, .class_names = {"no", "yes, sir"}, .threshold = 0.5F};
}

PredictedColumns columns_of(std::string_view list, const data::OutputSchema& output,
                            NumberText text = NumberText::kNineDigits) {
  PredictedColumns columns(output, text);
  while (!list.empty()) {
    columns.add(base::take_item(list));
  }
  return columns;
}

/// Raw values are the scores themselves.
std::string row_of(std::string_view list, const data::OutputSchema& output,
                   const std::vector<float>& scores,
                   NumberText number_text = NumberText::kNineDigits) {
  const PredictedColumns columns = columns_of(list, output, number_text);
  const auto count = std::ranges::count(list, ',') + 1;
  std::string text;
  for (ptrdiff_t at = 0; at < count; ++at) {
    text += at == 0 ? "" : ",";
    columns.append(static_cast<size_t>(at), scores.data(), scores.data(), text);
  }
  return text;
}

std::string header_of(std::string_view name, const data::OutputSchema& output) {
  std::string text;
  columns_of(name, output).append_header(0, text);
  return text;
}

TEST(PredictedColumns, HaveTheMeaningThatServeGivesThem) {
  const data::OutputSchema three{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  EXPECT_EQ(row_of("score", binary(), {0.75F}), "0.75");
  EXPECT_EQ(row_of("predicted_label,probability", binary(), {0.75F}), "\"yes, sir\",0.75");
  EXPECT_EQ(row_of("probabilities,predicted_label", binary(), {0.25F}), "\"[0.75, 0.25]\",no");
  EXPECT_EQ(row_of("score", three, {0.5F, 0.25F, 0.25F}), "0.5,0.25,0.25");
  EXPECT_EQ(row_of("predicted_label,probability,labels", three, {0.25F, 0.5F, 0.25F}),
            R"(b,0.5,"[""a"", ""b"", ""c""]")");
  EXPECT_EQ(row_of("raw_scores,predicted_label", binary(), {0.75F}),
            R"("[-0.75, 0.75]","yes, sir")");
  EXPECT_EQ(row_of("predicted_score,score", data::OutputSchema{}, {-2.5F}), "-2.5,-2.5");
}

TEST(PredictedColumns, NumbersHaveNineDigitsOrAreAsServeWritesThem) {
  EXPECT_EQ(row_of("score", data::OutputSchema{}, {0.1F}), "0.100000001");
  EXPECT_EQ(row_of("score", data::OutputSchema{}, {0.1F}, NumberText::kShortest), "0.1");
  EXPECT_EQ(row_of("probabilities", binary(), {0.1F}), "\"[0.899999976, 0.100000001]\"");
}

TEST(PredictedColumns, SeveralValuesStandUnderTheirNames) {
  const data::OutputSchema two{.value_names = {"low", "high, or so"}};
  EXPECT_EQ(row_of("score", two, {1.5F, 2}), "1.5,2");
  EXPECT_EQ(header_of("score", two), "score_low,\"score_high, or so\"");
  EXPECT_EQ(header_of("score", {.task = data::Task::kMulticlass, .class_names = {"a", "b"}}),
            "score_a,score_b");
}

TEST(PredictedColumns, AClassIndexHasALabelAndNoProbability) {
  const data::OutputSchema output{
      .task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}, .class_index = true};
  EXPECT_EQ(row_of("score,predicted_label", output, {2}), "2,c");
  EXPECT_EQ(header_of("score", output), "score");
  EXPECT_EQ(PredictedColumns::names_of(output),
            (std::vector<std::string>{"score", "predicted_label", "labels"}));
}

TEST(PredictedColumns, WhereNothingIsPredictedNoLabelIsInvented) {
  const data::OutputSchema three{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  EXPECT_EQ(row_of("score,predicted_label", binary(), {NAN}), "nan,");
  EXPECT_EQ(row_of("predicted_label,score", three, {NAN, NAN, NAN}), ",nan,nan,nan");
  EXPECT_EQ(row_of("predicted_label,probability", three, {NAN, NAN, NAN}), ",nan");
  EXPECT_EQ(row_of("probabilities", binary(), {NAN}), "\"[null, null]\"");
}

TEST(PredictedColumns, MarginsAreNoProbabilities) {
  data::OutputSchema margins = binary();
  margins.margin = true;
  margins.threshold = 0;
  EXPECT_EQ(row_of("score,predicted_label", margins, {-0.25F}), "-0.25,no");
  EXPECT_EQ(row_of("predicted_label,labels", margins, {3}),
            R"("yes, sir","[""no"", ""yes, sir""]")");
  EXPECT_EQ(PredictedColumns::names_of(margins),
            (std::vector<std::string>{"score", "predicted_label", "labels", "raw_scores"}));
}

TEST(PredictedColumns, RawScoresAreWantedOnlyWhereAskedFor) {
  EXPECT_TRUE(columns_of("raw_scores", binary()).wants_raw());
  EXPECT_FALSE(columns_of("probabilities", binary()).wants_raw());
}

}  // namespace
}  // namespace ringmaker::cli
