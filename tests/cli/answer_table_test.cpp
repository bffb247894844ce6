#include "cli/answer_table.h"

#include "tests/model/tree/tree_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

/// Margins -0.5 and 19.5 with both of its rounds for the rows below, 0.5 less with the best.
model::Model stopped_early() {
  model::Model model = model::model_of(model::small_trees());
  model.output = {.task = data::Task::kBinary, .class_names = {"no", "yes"}};
  auto& trees = std::get<model::TreeParameters>(model.parameters);
  trees.link = model::Link::kLogistic;
  trees.ensemble.base_values = {-11};
  trees.rounds = 1;
  return model;
}

/// Header and lines of two rows, or the error.
std::string answers(const model::Model& model, std::string_view list,
                    std::string_view rounds = "") {
  auto table = AnswerTable::make(model, list, rounds);
  if (!table) {
    return table.error().message();
  }
  const std::array<float, 4> rows{0, 3, 9, 9};
  std::string text = table->has_header() ? table->header() + "\n" : "";
  table->append({rows.data(), 2, 2}, text);
  return text;
}

TEST(AnswerTable, ColumnsOfTheLibraryAndOfServeStandInAnyOrder) {
  EXPECT_EQ(answers(stopped_early(), "native,probability,leaf,predicted_label"),
            "native,probability,leaf_0,leaf_1,predicted_label\n"
            "0.377540678,0.268941432,3,0,no\n1,1,2,0,yes\n");
  EXPECT_EQ(answers(stopped_early(), " Predicted_Label, leaf "),
            "predicted_label,leaf_0,leaf_1\nno,3,0\nyes,2,0\n");
}

TEST(AnswerTable, AColumnIsTheSameWhateverStandsBesideIt) {
  EXPECT_EQ(answers(stopped_early(), "raw_score"), "raw_score\n-0.5\n19.5\n");
  EXPECT_EQ(answers(stopped_early(), "raw_score,raw_scores"),
            "raw_score,raw_scores\n-0.5,\"[1, -1]\"\n19.5,\"[-19, 19]\"\n");
  EXPECT_EQ(answers(stopped_early(), "score"), "score\n0.268941432\n1\n");
}

TEST(AnswerTable, RoundsAreSaidForAllColumnsOrAreTheirOwn) {
  const std::string all = "raw_score,score\n-0.5,0.377540678\n19.5,1\n";
  const std::string best = "raw_score,score\n-1,0.268941432\n19,1\n";
  EXPECT_EQ(answers(stopped_early(), "raw_score,score", "all"), all);
  EXPECT_EQ(answers(stopped_early(), "raw_score,score", "best"), best);
  EXPECT_EQ(answers(stopped_early(), "raw_score,score"),
            "raw_score,score\n-0.5,0.268941432\n19.5,1\n");
  EXPECT_EQ(answers(stopped_early(), "score", "all"), "score\n0.377540678\n1\n");
  EXPECT_THAT(answers(stopped_early(), "score", "some"), HasSubstr("expected all or best"));
}

TEST(AnswerTable, RoundsOfModelsThatAnswerAsOneAreThoseOfEach) {
  model::Model both = stopped_early();
  both.parameters = model::AverageParameters{.members = {stopped_early(), stopped_early()}};
  for (const char* rounds : {"", "all", "best"}) {
    EXPECT_EQ(answers(both, "raw_score,native,raw_scores,score", rounds),
              answers(stopped_early(), "raw_score,native,raw_scores,score", rounds));
  }
}

TEST(AnswerTable, WithoutAListIsTheScoreAsServeWritesIt) {
  EXPECT_EQ(answers(stopped_early(), ""), "0.26894143\n1\n");
  EXPECT_EQ(answers(stopped_early(), "", "all"), "0.37754068\n1\n");
}

TEST(AnswerTable, AListWithoutNamesIsNone) {
  EXPECT_EQ(answers(stopped_early(), " ,"), "--outputs is \" ,\", expected names of columns");
}

TEST(AnswerTable, MarginsOfAllClassesAndTargetsAreRawScores) {
  model::Model model = stopped_early();
  model.output = {.task = data::Task::kMulticlass, .class_names = {"a", "b"}, .class_index = true};
  auto& trees = std::get<model::TreeParameters>(model.parameters);
  trees.link = model::Link::kClassIndex;
  trees.ensemble.outputs = 2;
  trees.ensemble.base_values = {-11, 7};
  trees.ensemble.trees[1].output = 1;
  EXPECT_EQ(answers(model, "raw_score"), "raw_score_0,raw_score_1\n-1,7.5\n19,7.5\n");
  EXPECT_EQ(answers(model, "native,predicted_label"), "native,predicted_label\n1,b\n0,a\n");
  model.output = {.value_names = {"low", "high"}};
  trees.link = model::Link::kIdentity;
  EXPECT_EQ(answers(model, "raw_score"), "raw_score_0,raw_score_1\n-1,7.5\n19,7.5\n");
}

TEST(AnswerTable, WhatTheModelHasNotIsRefusedWithTheNearestThatItHas) {
  EXPECT_THAT(answers(stopped_early(), "predicted_lable,leaf"),
              HasSubstr("a binary model has no \"predicted_lable\"; it has score, "
                        "predicted_label, labels, probability, probabilities, raw_scores, native, "
                        "raw_score, leaf, contributions; did you mean \"predicted_label\"?"));
  const model::Model regression = model::model_of(model::small_trees());
  EXPECT_THAT(answers(regression, "native,predicted_label"),
              HasSubstr("a regression model has no \"predicted_label\""));
  model::Model linear = regression;
  linear.parameters = model::LinearParameters{.weights = {1, 2}, .bias = {0}, .fill = {0, 0}};
  EXPECT_EQ(answers(linear, "score,leaf"), "--outputs: a model of kind linear has no leaves");
}

TEST(AnswerTable, ManyRowsAreAnsweredInPieces) {
  auto table = AnswerTable::make(stopped_early(), "leaf,score", "").value();
  const size_t count = 200'000;
  const std::vector<float> rows(count * 2);
  std::string text;
  table.append({rows.data(), count, 2}, text);
  EXPECT_EQ(static_cast<size_t>(std::ranges::count(text, '\n')), count);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            text.substr(text.rfind('\n', text.size() - 2) + 1, text.find('\n')));
}

}  // namespace
}  // namespace ringmaker::cli
