#include "batch/values.h"

#include "tests/batch/sum_predictor.h"

#include <gmock/gmock.h>

namespace ringmaker::batch {
namespace {

using testing::ElementsAre;

std::vector<float> given(Values values, const std::vector<float>& rows) {
  SumPredictor predictor;
  predictor.link_factor = 10;
  const size_t count = rows.size() / 2;
  const size_t columns = columns_of(predictor, values);
  std::vector<float> out(count * columns);
  predict(predictor, values, {rows.data(), count, 2}, {out.data(), count, columns});
  return out;
}

TEST(Values, AreScoresOrWhatTheyAreMadeOf) {
  EXPECT_THAT(given(Values::kScores, {1, 2, 3, 4}), ElementsAre(30, 70));
  EXPECT_THAT(given(Values::kRaw, {1, 2, 3, 4}), ElementsAre(3, 7));
}

TEST(Values, HaveWhatExplainsThemBehindThem) {
  EXPECT_THAT(given(Values::kLeaves, {10, 2, 30, 4}), ElementsAre(12, 1, 34, 3));
  EXPECT_THAT(given(Values::kContributions, {1, 2, 3, 4}), ElementsAre(3, 1, 2, 0, 7, 3, 4, 0));
  EXPECT_THAT(given(Values::kContributionsAndLeaves, {50, 2}), ElementsAre(52, 50, 2, 0, 5));
}

TEST(Values, AreTheSameForAnyNumberOfRows) {
  std::vector<float> rows(2 * 150);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i] = static_cast<float>(i);
  }
  const std::vector<float> values = given(Values::kContributionsAndLeaves, rows);
  EXPECT_THAT(std::vector(values.end() - 5, values.end()), ElementsAre(597, 298, 299, 0, 29));
}

TEST(ValueParts, AreEachByThemselves) {
  const SumPredictor predictor;
  const std::vector<float> values = given(Values::kContributionsAndLeaves, {10, 2, 30, 4});
  ValueParts parts;
  parts.split(predictor, Values::kContributionsAndLeaves, {values.data(), 2, 5});
  EXPECT_EQ(parts.raw().row(1)[0], 34);
  EXPECT_EQ(parts.contributions().columns, 3U);
  EXPECT_EQ(parts.contributions().row(1)[1], 4);
  EXPECT_EQ(parts.leaves().row(1)[0], 3);
}

}  // namespace
}  // namespace ringmaker::batch
