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

TEST(Values, OfClassIndicesAreTheMarginsOfAllClasses) {
  class Larger final : public model::Predictor {
   public:
    Larger() {
      output_ = {.task = data::Task::kMulticlass, .class_names = {"a", "b"}, .class_index = true};
      output_.class_margins = true;
      output_.explanation.leaves = 1;
    }
    [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
    [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "larger"; }
    [[nodiscard]] std::string_view instruction_set() const noexcept override { return "none"; }
    void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override {
      scores_of(rows, raw);
    }
    void margins(data::DenseView rows, data::DenseSpan margins) const noexcept override {
      std::copy_n(rows.values, rows.rows * 2, margins.values);
    }
    void link(data::DenseSpan /*values*/) const noexcept override {}
    void leaves(data::DenseView /*rows*/, uint32_t* names) const noexcept override { *names = 9; }

   private:
    data::Schema schema_;
    data::OutputSchema output_;
  };
  const Larger predictor;
  const std::vector<float> row{2, 5};
  const auto given = [&](Values values) {
    std::vector<float> out(columns_of(predictor, values));
    predict(predictor, values, {row.data(), 1, 2}, {out.data(), 1, out.size()});
    return out;
  };
  EXPECT_THAT(given(values_for(predictor.output(), false, false, false)), ElementsAre(1));
  EXPECT_THAT(given(values_for(predictor.output(), true, false, false)), ElementsAre(2, 5));
  EXPECT_THAT(given(values_for(predictor.output(), true, false, true)), ElementsAre(2, 5, 9));
}

/// Scores and margins of which neither follows from the other.
class Apart final : public model::Predictor {
 public:
  Apart() {
    output_.margins_apart = true;
    output_.explanation.leaves = 1;
  }
  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "apart"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override { return "none"; }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override {
    std::fill_n(raw.values, rows.rows, 0.5F);
  }
  void margins(data::DenseView rows, data::DenseSpan margins) const noexcept override {
    std::copy_n(rows.values, rows.rows, margins.values);
  }
  void link(data::DenseSpan /*values*/) const noexcept override {}
  void leaves(data::DenseView rows, uint32_t* names) const noexcept override {
    std::fill_n(names, rows.rows, 9U);
  }

 private:
  data::Schema schema_;
  data::OutputSchema output_;
};

TEST(Values, OfScoresThatDoNotFollowFromMarginsAreBoth) {
  const Apart predictor;
  const std::vector<float> rows{3, 4};
  for (const bool leaves : {false, true}) {
    const Values values = values_for(predictor.output(), true, false, leaves);
    const size_t columns = columns_of(predictor, values);
    std::vector<float> out(2 * columns);
    predict(predictor, values, {rows.data(), 2, 1}, {out.data(), 2, columns});
    EXPECT_EQ(out, leaves ? (std::vector<float>{0.5F, 3, 9, 0.5F, 4, 9})
                          : (std::vector<float>{0.5F, 3, 0.5F, 4}));
    ValueParts parts;
    parts.split(predictor, values, {out.data(), 2, columns});
    EXPECT_EQ(parts.scores().row(1)[0], 0.5F);
    EXPECT_EQ(parts.margins().row(1)[0], 4);
  }
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
  EXPECT_EQ(parts.margins().row(1)[0], 34);
  EXPECT_EQ(parts.scores().row(1)[0], 34);
  EXPECT_EQ(parts.contributions().columns, 3U);
  EXPECT_EQ(parts.contributions().row(1)[1], 4);
  EXPECT_EQ(parts.leaves().row(1)[0], 3);
}

}  // namespace
}  // namespace ringmaker::batch
