// Which names there are, and which models give what.
#include "codec/selected/output_selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(OutputSelection, NamesStandInTheOrderAskedForWhateverTheirCaseAndBlanks) {
  const auto selection = OutputSelection::parse(" Probabilities,\tpredicted_label ,RAW_SCORE");
  ASSERT_TRUE(selection);
  EXPECT_THAT(selection->fields(),
              ElementsAre(OutputField::kProbabilities, OutputField::kPredictedLabel,
                          OutputField::kRawScore));
  EXPECT_TRUE(selection->wants_raw());
  EXPECT_FALSE(OutputSelection::parse("labels")->wants_raw());
  EXPECT_TRUE(OutputSelection().empty());
}

TEST(OutputSelection, EveryNameIsReadBackAsItself) {
  for (size_t i = 0; i < kOutputFields; ++i) {
    const auto field = static_cast<OutputField>(i);
    EXPECT_THAT(OutputSelection::parse(name(field))->fields(), ElementsAre(field));
  }
}

TEST(OutputSelection, WhatIsNoListOfNamesIsSaid) {
  const auto sentence = [](std::string_view list) {
    const auto selection = OutputSelection::parse(list);
    return selection ? "" : selection.error().message();
  };
  EXPECT_EQ(
      sentence("probabilty"),
      "the output \"probabilty\" is unknown; possible are predicted_label, labels, "
      "probability, probabilities, raw_score, raw_scores, predicted_score, contributions, leaf");
  for (const char* nothing : {"", " "}) {
    EXPECT_THAT(sentence(nothing), testing::StartsWith("no output is named; possible are "));
  }
  EXPECT_THAT(sentence("labels,"), HasSubstr("the output \"\" is unknown"));
  EXPECT_THAT(sentence("lab\"\n\xff"), HasSubstr("the output \"lab???\" is unknown"));
  EXPECT_THAT(sentence(std::string(5'000, 'x')), HasSubstr("xxx...\" is unknown"));
  EXPECT_EQ(sentence("labels,probability,LABELS"), "the output labels is asked for twice");
}

TEST(OutputSelection, AModelGivesWhatItsScoresTell) {
  struct Case {
    data::OutputSchema output;
    const char* given;
  };
  for (const Case& c : std::vector<Case>{
           {{}, "raw_score, raw_scores, predicted_score"},
           {{.value_names = {"a", "b"}}, "raw_scores, predicted_score"},
           {{.task = data::Task::kBinary},
            "predicted_label, labels, probability, probabilities, raw_score, raw_scores"},
           {{.task = data::Task::kBinary, .threshold = 0, .margin = true},
            "predicted_label, labels, raw_score, raw_scores"},
           {{.task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}},
            "predicted_label, labels, probability, probabilities, raw_score, raw_scores"},
           {{.task = data::Task::kMulticlass, .class_names = {"a", "b"}, .class_index = true},
            "predicted_label, labels"},
           {{.task = data::Task::kBinary, .raw_unknown = true},
            "predicted_label, labels, probability, probabilities"},
           {{.task = data::Task::kMulticlass,
             .class_names = {"a", "b"},
             .class_index = true,
             .class_margins = true},
            "predicted_label, labels, raw_score, raw_scores"},
           {{.task = data::Task::kBinary, .certain = true},
            "predicted_label, labels, raw_score, raw_scores"},
           {{.explanation = {.margins = 1, .contributions_each = 3, .leaves = 4}},
            "raw_score, raw_scores, predicted_score, contributions, leaf"},
       }) {
    std::string given;
    for (size_t i = 0; i < kOutputFields; ++i) {
      const auto field = static_cast<OutputField>(i);
      const auto checked = OutputSelection::parse(name(field))->check(c.output);
      EXPECT_EQ(checked.has_value(), gives(c.output, field));
      if (checked) {
        given.append(given.empty() ? "" : ", ").append(name(field));
      } else {
        EXPECT_EQ(
            checked.error().message(),
            "this model does not give the output " + std::string(name(field)) +
                (field == OutputField::kContributions ? ": " + c.output.explanation.no_contributions
                                                      : "") +
                "; it gives " + c.given);
      }
    }
    EXPECT_EQ(given, c.given);
  }
}

}  // namespace
}  // namespace ringmaker::codec
