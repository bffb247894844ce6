// What holds for selected outputs whatever the format.
#include "codec/selected/selected_encoder.h"

#include "tests/codec/selected/selected_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(SelectedEncoder, TheOrderIsThatOfTheNames) {
  EXPECT_EQ(encoded(Format::kJsonLines, kBinary, "probability,predicted_label", kTwoBinary),
            "{\"probability\":0.75,\"predicted_label\":1}\n"
            "{\"probability\":0.25,\"predicted_label\":0}\n");
  EXPECT_EQ(encoded(Format::kCsv, kBinary, "predicted_label,probability", kTwoBinary),
            "1,0.75\n0,0.25\n");
}

TEST(SelectedEncoder, ARegressionGivesItsValueOrValues) {
  EXPECT_EQ(encoded(Format::kJsonLines, {}, "predicted_score,raw_score", {{7.5F}, {2}}),
            "{\"predicted_score\":7.5,\"raw_score\":2}\n");
  EXPECT_EQ(encoded(Format::kCsv, {.value_names = {"x", "y"}}, "predicted_score", {{1, 2}, {}}),
            "\"[1, 2]\"\n");
}

TEST(SelectedEncoder, AnIndexOfAClassHasTheMarginsOfAllBesideIt) {
  data::OutputSchema output = kThree;
  output.class_index = true;
  output.class_margins = true;
  const Rows rows{{1, kNaN}, {-1, 3, 0, 1, kNaN, 2}};
  EXPECT_EQ(encoded(Format::kJsonLines, output, "predicted_label,raw_score,raw_scores", rows),
            "{\"predicted_label\":\"b,c\",\"raw_score\":3,\"raw_scores\":[-1,3,0]}\n"
            "{\"predicted_label\":null,\"raw_score\":null,\"raw_scores\":[1,null,2]}\n");
}

TEST(SelectedEncoder, NoClassIsMadeUpForARowWithoutScores) {
  const Rows binary{{kNaN}, {kNaN}};
  EXPECT_EQ(encoded(Format::kJsonLines, kBinary, "predicted_label,probability,raw_scores", binary),
            "{\"predicted_label\":null,\"probability\":null,\"raw_scores\":[null,null]}\n");
  EXPECT_EQ(encoded(Format::kCsv, kBinary, "predicted_label,probability,probabilities", binary),
            ",nan,\"[null, null]\"\n");
  EXPECT_EQ(encoded(Format::kJsonLines, kThree, "probability", {{kNaN, kNaN, kNaN}, {}}),
            "{\"probability\":null}\n");
}

TEST(SelectedEncoder, WhatExplainsAnAnswerIsAListAMarginAndAListOfLeaves) {
  const data::OutputSchema one{.explanation = {.margins = 1, .contributions_each = 3, .leaves = 2}};
  const Rows rows{{5, 6}, {5, 6}, {1, -0.5F, 4.5F, 2, 0, 4}, {7, 3, 9, 11}};
  EXPECT_EQ(encoded(Format::kCsv, one, "predicted_score,contributions,leaf", rows),
            "5,\"[1, -0.5, 4.5]\",\"[7, 3]\"\n6,\"[2, 0, 4]\",\"[9, 11]\"\n");
  EXPECT_EQ(encoded(Format::kJson, one, "contributions", rows),
            R"({"predictions":[{"contributions":[1,-0.5,4.5]},{"contributions":[2,0,4]}]})");
  EXPECT_EQ(encoded(Format::kJsonLines, one, "leaf", rows),
            "{\"leaf\":[7,3]}\n{\"leaf\":[9,11]}\n");

  const data::OutputSchema two{.value_names = {"x", "y"},
                               .explanation = {.margins = 2, .contributions_each = 2, .leaves = 1}};
  EXPECT_EQ(encoded(Format::kJsonLines, two, "contributions", {{1, 2}, {}, {1, 2, 3, 4}, {}}),
            "{\"contributions\":[[1,2],[3,4]]}\n");
  EXPECT_EQ(encoded(Format::kCsv, two, "contributions", {{1, 2}, {}, {1, 2, 3, 4}, {}}),
            "\"[[1, 2], [3, 4]]\"\n");
}

TEST(SelectedEncoder, WhatExplainsAnAnswerStandsFlatInBinaryFormats) {
  const data::OutputSchema two{.value_names = {"x", "y"},
                               .explanation = {.margins = 2, .contributions_each = 2, .leaves = 1}};
  const Rows rows{{1, 2}, {1, 2}, {1, 2, 3, 4}, {8}};
  const std::string npy = encoded(Format::kNpy, two, "contributions,leaf", rows);
  EXPECT_THAT(npy, testing::HasSubstr("'shape': (1, 5)"));
  EXPECT_EQ(npy.size() % 64, 5 * sizeof(float));
  EXPECT_THAT(encoded(Format::kRecordio, two, "contributions,leaf", rows),
              testing::AllOf(testing::HasSubstr("contributions"), testing::HasSubstr("leaf")));
}

TEST(SelectedEncoder, ItsTypeIsThatOfItsFormat) {
  for (const Format format :
       {Format::kCsv, Format::kJson, Format::kJsonLines, Format::kNpy, Format::kRecordio}) {
    const auto selection = OutputSelection::parse("labels").value();
    EXPECT_EQ(make_selected_encoder(format, kBinary, selection)->content_type(),
              make_encoder(format, kBinary)->content_type());
    EXPECT_FALSE(make_selected_encoder(format, kBinary, selection)->wants_raw());
    EXPECT_FALSE(make_encoder(format, kBinary)->wants_raw());
  }
}

}  // namespace
}  // namespace ringmaker::codec
