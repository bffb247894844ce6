#include "cli/predicted_columns.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::cli {
namespace {

data::OutputSchema binary() {
  return {.task = data::Task::kBinary, .class_names = {"no", "yes, sir"}, .threshold = 0.5F};
}

std::string row_of(std::string_view list, const data::OutputSchema& output,
                   const std::vector<float>& scores) {
  const auto columns = PredictedColumns::parse(list, output);
  EXPECT_TRUE(columns) << columns.error().message();
  std::string text;
  columns->append(scores.data(), {.raw = {scores.data(), 1, scores.size()}}, text);
  return text;
}

TEST(PredictedColumns, WritesWhatWasAskedForInThatOrder) {
  const data::OutputSchema three{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  EXPECT_EQ(row_of("", binary(), {0.75F}), "0.75");
  EXPECT_EQ(row_of("predicted_label, probability", binary(), {0.75F}), "\"yes, sir\",0.75");
  EXPECT_EQ(row_of("probabilities,predicted_label", binary(), {0.25F}), "\"[0.75, 0.25]\",no");
  EXPECT_EQ(row_of("score", three, {0.5F, 0.25F, 0.25F}), "0.5,0.25,0.25");
  EXPECT_EQ(row_of("predicted_label,probability,labels", three, {0.25F, 0.5F, 0.25F}),
            R"(b,0.5,"[""a"", ""b"", ""c""]")");
  EXPECT_EQ(row_of("", data::OutputSchema{}, {-2.5F}), "-2.5");
}

TEST(PredictedColumns, SeveralValuesStandUnderTheirNames) {
  const data::OutputSchema two{.value_names = {"low", "high"}};
  EXPECT_EQ(row_of("", two, {1.5F, 2}), "1.5,2");
  EXPECT_EQ(PredictedColumns::parse("score", two)->header(), "score_low,score_high");
}

TEST(PredictedColumns, AClassIndexHasALabelAndNoProbability) {
  const data::OutputSchema output{
      .task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}, .class_index = true};
  EXPECT_EQ(row_of("score,predicted_label", output, {2}), "2,c");
  EXPECT_EQ(PredictedColumns::parse("score", output)->header(), "score");
  EXPECT_FALSE(PredictedColumns::parse("probability", output));
}

TEST(PredictedColumns, WhereNothingIsPredictedNoLabelIsInvented) {
  const data::OutputSchema three{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  EXPECT_EQ(row_of("score,predicted_label", binary(), {NAN}), "nan,");
  EXPECT_EQ(row_of("predicted_label,score", three, {NAN, NAN, NAN}), ",nan,nan,nan");
  EXPECT_EQ(row_of("predicted_label,probability", three, {NAN, NAN, NAN}), ",nan");
}

TEST(PredictedColumns, MarginsAreNoProbabilities) {
  data::OutputSchema margins = binary();
  margins.margin = true;
  margins.threshold = 0;
  EXPECT_EQ(row_of("score,predicted_label", margins, {-0.25F}), "-0.25,no");
  EXPECT_EQ(row_of("predicted_label,labels", margins, {3}),
            R"("yes, sir","[""no"", ""yes, sir""]")");
  const auto wrong = PredictedColumns::parse("probability", margins);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message().find("a binary model of margins has no \"probability\""),
            std::string::npos);
}

TEST(PredictedColumns, RawScoresAreWantedOnlyWhereAskedFor) {
  EXPECT_TRUE(PredictedColumns::parse("raw_scores", binary())->wants_raw());
  EXPECT_FALSE(PredictedColumns::parse("probabilities", binary())->wants_raw());
  EXPECT_EQ(row_of("raw_score,raw_scores,predicted_label", binary(), {0.75F}),
            R"(0.75,"[-0.75, 0.75]","yes, sir")");
}

TEST(PredictedColumns, ARegressionHasItsScoreUnderTheServersNameToo) {
  EXPECT_EQ(row_of("predicted_score, Score", data::OutputSchema{}, {-2.5F}), "-2.5,-2.5");
}

TEST(PredictedColumns, TheHeaderHasOneNameAColumn) {
  const data::OutputSchema three{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}};
  EXPECT_EQ(PredictedColumns::parse("score,predicted_label", three)->header(),
            "score_a,score_b,score_c,predicted_label");
}

TEST(PredictedColumns, UnknownNamesAreRefusedWithTheNearest) {
  const auto wrong = PredictedColumns::parse("predicted_lable", binary());
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message().find("predicted_label"), std::string::npos);
  EXPECT_FALSE(PredictedColumns::parse("predicted_label", data::OutputSchema{}));
}

}  // namespace
}  // namespace ringmaker::cli
