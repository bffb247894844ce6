// Selected outputs of every kind of model as JSON and JSON lines.
#include "codec/selected/selected_json_encoder.h"

#include "tests/codec/selected/selected_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(SelectedJsonEncoder, ABinaryModelGivesEveryField) {
  EXPECT_EQ(
      encoded(Format::kJson, kBinary,
              "predicted_label,labels,probability,probabilities,raw_score,raw_scores", kTwoBinary),
      R"({"predictions":[)"
      R"({"predicted_label":1,"labels":[0,1],"probability":0.75,"probabilities":[0.25,0.75],)"
      R"("raw_score":1.5,"raw_scores":[-1.5,1.5]},)"
      R"({"predicted_label":0,"labels":[0,1],"probability":0.25,"probabilities":[0.75,0.25],)"
      R"("raw_score":-1.5,"raw_scores":[1.5,-1.5]}]})");
}

TEST(SelectedJsonEncoder, OfManyClassesTheWinnerSpeaks) {
  const Rows rows{{0.1F, 0.7F, 0.2F}, {-1, 3, 0}};
  EXPECT_EQ(encoded(Format::kJsonLines, kThree,
                    "predicted_label,probability,raw_score,probabilities,raw_scores", rows),
            R"({"predicted_label":"b,c","probability":0.7,"raw_score":3,)"
            R"("probabilities":[0.1,0.7,0.2],"raw_scores":[-1,3,0]})"
            "\n");
}

TEST(SelectedJsonEncoder, AMarginIsSplitBetweenBothClasses) {
  EXPECT_EQ(encoded(Format::kJsonLines, kMargin, "predicted_label,raw_scores", {{2}, {2}}),
            "{\"predicted_label\":\"yes\",\"raw_scores\":[-2,2]}\n");
}

}  // namespace
}  // namespace ringmaker::codec
