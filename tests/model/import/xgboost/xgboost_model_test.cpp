// Models of XGBoost answer what XGBoost answered: margins to the bit, leaves, predictions.
//
// Small ones made with libxgboost are kept in tests/golden/xgboost; many more are looked for beside
// the project, and their absence is told.
#include "model/import/xgboost/xgboost_model.h"

#include "model/tree/reference_walk.h"
#include "tests/model/import/fixture.h"
#include "tests/support/instruction_sets.h"

#include <gmock/gmock.h>

#include <cstring>
#include <functional>

namespace ringmaker::model {
namespace {

const fs::path kGolden = fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/xgboost";
const fs::path kShared = fs::path(RINGMAKER_SOURCE_DIR) / "../shared/models";

std::vector<Fixture> all_fixtures() {
  std::vector<Fixture> all = fixtures(kGolden, {""});
  for (Fixture& one : fixtures(kShared, {"xgb", "tp_xgb"})) {
    all.push_back(std::move(one));
  }
  return all;
}

/// Those of whom the library has told what `file` holds.
std::vector<Fixture> fixtures_with(std::string_view file) {
  std::vector<Fixture> some = all_fixtures();
  std::erase_if(some, [&](const Fixture& one) {
    return read_table(one.file.parent_path() / file).rows.empty();
  });
  return some;
}

std::string name_of(const testing::TestParamInfo<Fixture>& one) {
  std::string name = one.param.name();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(XgboostFixtures, AreThere) {
  EXPECT_EQ(fixtures(kGolden, {""}).size(), 18U);
  if (!fs::exists(kShared)) {
    GTEST_SKIP() << "no ../shared/models: only the models of tests/golden/xgboost are tried";
  }
  EXPECT_EQ(fixtures(kShared, {"xgb", "tp_xgb"}).size(), 107U);
}

class XgboostParity : public testing::TestWithParam<Fixture> {
 protected:
  void SetUp() override {
    auto model = imported(file_bytes(GetParam().file));
    ASSERT_TRUE(model) << model.error().message();
    model_ = std::move(*model);
    folder_ = GetParam().file.parent_path();
    rows_ = rows_of(read_table(folder_ / "input.csv"), model_.schema);
  }
  [[nodiscard]] size_t columns() const { return model_.schema.feature_count(); }
  [[nodiscard]] size_t row_count() const { return rows_.size() / columns(); }
  [[nodiscard]] data::DenseView rows() const { return {rows_.data(), row_count(), columns()}; }

  void use_all_rounds() {
    if (auto* trees = std::get_if<TreeParameters>(&model_.parameters)) {
      trees->rounds = trees->ensemble.rounds();
    }
  }
  /// The same bits by every instruction set, for all rows in a call and for one.
  [[nodiscard]] std::vector<float> margins() const {
    std::vector<float> values;
    for (const base::InstructionSet set : test::instruction_sets_here()) {
      const auto predictor = compile(model_, set);
      EXPECT_TRUE(predictor) << predictor.error().message();
      const size_t width = (*predictor)->output().margin_columns();
      std::vector<float> found(row_count() * width);
      (*predictor)->margins(rows(), {found.data(), row_count(), width});
      std::vector<float> alone(found.size());
      for (size_t i = 0; i < row_count(); ++i) {
        (*predictor)->margins(rows().slice(i, 1), {&alone[i * width], 1, width});
      }
      EXPECT_TRUE(same_bits(found, alone)) << base::name(set);
      EXPECT_TRUE(values.empty() || same_bits(found, values)) << base::name(set);
      values = std::move(found);
    }
    return values;
  }
  [[nodiscard]] std::vector<float> scores() const {
    const auto predictor = compile(model_, base::detect_instruction_set());
    EXPECT_TRUE(predictor) << predictor.error().message();
    const size_t width = model_.output.score_columns();
    std::vector<float> values(row_count() * width);
    (*predictor)->predict(rows(), {values.data(), row_count(), width});
    return values;
  }
  void expect_columns(const Table& expected, std::string_view prefix,
                      const std::vector<float>& values, float tolerance) const {
    ASSERT_EQ(expected.rows.size(), row_count());
    const size_t width = values.size() / row_count();
    const size_t first = expected.first(prefix);
    ASSERT_LE(first + width, expected.names.size()) << prefix;
    for (size_t i = 0; i < row_count(); ++i) {
      for (size_t k = 0; k < width; ++k) {
        const float wanted = number_of(expected.rows[i][first + k]);
        const float found = values[i * width + k];
        if (found == wanted) {
          continue;  // infinities, too
        }
        ASSERT_LE(std::fabs(found - wanted), tolerance * (std::fabs(wanted) + 0.1F))
            << "row " << i << ", " << prefix << " " << k << ": " << found << " for " << wanted;
      }
    }
  }

  Model model_;
  fs::path folder_;
  std::vector<float> rows_;
};

TEST_P(XgboostParity, MarginsAndPredictionsAreTheLibrarys) {
  use_all_rounds();
  const Table expected = read_table(folder_ / "expected.csv");
  expect_columns(expected, "margin", margins(), 0);
  expect_columns(expected, "pred", scores(), 2e-6F);
}

/// Where the library's leaves are known.
class XgboostLeaves : public XgboostParity {};

TEST_P(XgboostLeaves, EachRowReachesTheLibrarys) {
  const Table expected = read_table(folder_ / "expected_leaf.csv");
  const auto* trees = std::get_if<TreeParameters>(&model_.parameters);
  ASSERT_NE(trees, nullptr);
  use_all_rounds();
  const ReferenceWalk walk(trees->ensemble);
  const size_t count = trees->ensemble.trees.size();
  ASSERT_EQ(count, expected.names.size());
  const auto predictor = compile(model_, base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  ASSERT_EQ((*predictor)->output().explanation.leaves, count);
  std::vector<uint32_t> served(row_count() * count);
  (*predictor)->leaves(rows(), served.data());
  std::vector<uint32_t> leaves(count);
  for (size_t i = 0; i < row_count(); ++i) {
    walk.leaves(rows().row(i), leaves.data());
    for (size_t t = 0; t < count; ++t) {
      ASSERT_EQ(std::to_string(leaves[t]), expected.rows[i][t]) << "row " << i << ", tree " << t;
      ASSERT_EQ(served[i * count + t], leaves[t]) << "row " << i << ", tree " << t;
    }
  }
}

/// Where the library's contributions are known, they are these; all add up to the margin, which
/// XGBoost sums in float32.
TEST_P(XgboostParity, ContributionsAreTheLibrarysAndAddUpToTheMargin) {
  use_all_rounds();
  const auto predictor = compile(model_, base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  const data::Explanation& told = (*predictor)->output().explanation;
  const auto* trees = std::get_if<TreeParameters>(&model_.parameters);
  if (trees != nullptr && trees->ensemble.leaf_width > 1) {
    // XGBoost keeps no covers of such trees, and has no contributions of them either.
    EXPECT_THAT(told.no_contributions, testing::HasSubstr("does not tell"));
    return;
  }
  const size_t outputs = (*predictor)->output().margin_columns();
  ASSERT_EQ(told.contributions(), outputs * (columns() + 1)) << told.no_contributions;
  std::vector<double> values(row_count() * told.contributions());
  (*predictor)->contributions(rows(), values.data());
  std::vector<float> margins(row_count() * outputs);
  (*predictor)->margins(rows(), {margins.data(), row_count(), outputs});
  const Table expected = read_table(folder_ / "expected_contrib.csv");
  const double* value = values.data();
  for (size_t i = 0; i < row_count(); ++i) {
    for (size_t k = 0; k < outputs; ++k) {
      double sum = 0;
      double size = 1;
      for (size_t j = 0; j <= columns(); ++j, ++value) {
        sum += *value;
        size += std::fabs(*value);
        if (!expected.rows.empty()) {
          const auto wanted =
              static_cast<double>(number_of(expected.rows[i][k * (columns() + 1) + j]));
          ASSERT_NEAR(*value, wanted, 1e-4 + 1e-3 * std::fabs(wanted)) << "row " << i << ", " << j;
        }
      }
      ASSERT_NEAR(sum, static_cast<double>(margins[i * outputs + k]), 1e-6 * size) << "row " << i;
    }
  }
}

/// Where training stopped early.
class XgboostBestRound : public XgboostParity {};

TEST_P(XgboostBestRound, ServingStopsThere) {
  const Table expected = read_table(folder_ / "expected_best.csv");
  expect_columns(expected, "margin", margins(), 0);
  expect_columns(expected, "pred", scores(), 2e-6F);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, XgboostParity, testing::ValuesIn(all_fixtures()), name_of);
INSTANTIATE_TEST_SUITE_P(Fixtures, XgboostLeaves,
                         testing::ValuesIn(fixtures_with("expected_leaf.csv")), name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(XgboostBestRound);  // no golden model stopped early
INSTANTIATE_TEST_SUITE_P(Fixtures, XgboostBestRound,
                         testing::ValuesIn(fixtures_with("expected_best.csv")), name_of);

/// One tree of one feature: x < 1 ? 10 : 20.
XgboostFile small_file() {
  XgboostFile file;
  file.version[0] = 1;
  file.base_scores = {0.5F};
  file.features = 1;
  file.objective = "reg:squarederror";
  file.booster = "gbtree";
  file.tree_outputs = {0};
  file.ensemble.nodes = {{.left = ~0, .right = ~1, .threshold = 1}};
  file.ensemble.leaf_values = {10, 20};
  file.ensemble.leaf_ids = {1, 2};
  file.ensemble.trees = {{.node_count = 1, .leaf_count = 2}};
  file.covers_known = false;
  return file;
}

TEST(XgboostModel, WhatContradictsItselfIsRefusedByTheFieldsName) {
  ASSERT_TRUE(model_of(small_file()));
  struct Case {
    std::string_view sentence;
    std::function<void(XgboostFile&)> damage;
  };
  const Case cases[] = {
      {"version is missing", [](auto& file) { file.missing = "version"; }},
      {"version is [0, 0, 0], 1 to 3 are read", [](auto& file) { file.version[0] = 0; }},
      {"version is [4, 0, 0], 1 to 3 are read", [](auto& file) { file.version[0] = 4; }},
      {"num_trees is 2, the model has 1 trees", [](auto& file) { file.trees_told = 2; }},
      {"num_feature is missing or 0", [](auto& file) { file.features = 0; }},
      {"num_feature is 4000000000", [](auto& file) { file.features = 4000000000; }},
      {"feature_names has 2", [](auto& file) { file.feature_names = {"a", "b"}; }},
      {"cats.enc has 2", [](auto& file) { file.category_names = {{"a"}, {}}; }},
      {"base_score is missing", [](auto& file) { file.base_scores.clear(); }},
      {"base_score has 2 values, expected 1", [](auto& file) { file.base_scores = {0, 0}; }},
      {"base_score is 2",
       [](auto& file) {
         file.base_scores = {2};
         file.objective = "binary:logistic";
       }},
      {"objective.name is missing", [](auto& file) { file.objective.clear(); }},
      {"objective.name is \"reg:own\"", [](auto& file) { file.objective = "reg:own"; }},
      {"gradient_booster.name is \"\"", [](auto& file) { file.booster.clear(); }},
      {"num_target is 5000", [](auto& file) { file.targets = 5000; }},
      {"num_class is 0", [](auto& file) { file.objective = "multi:softprob"; }},
      {"tree_info has 2", [](auto& file) { file.tree_outputs = {0, 0}; }},
      {"tree_info[0] is 1", [](auto& file) { file.tree_outputs = {1}; }},
      {"iteration_indptr", [](auto& file) { file.round_begins = {0, 2}; }},
      {"num_parallel_tree is 2", [](auto& file) { file.parallel_trees = 2; }},
      {"no multiple of the 3", [](auto& file) { file.targets = 3; }},
      {"weight_drop has 0", [](auto& file) { file.booster = "dart"; }},
      {"weights has 0", [](auto& file) { file.booster = "gblinear"; }},
      {"asks for feature 1", [](auto& file) { file.ensemble.nodes[0].feature = 1; }},
  };
  for (const Case& one : cases) {
    XgboostFile file = small_file();
    one.damage(file);
    const auto model = model_of(std::move(file));
    ASSERT_FALSE(model) << one.sentence;
    EXPECT_THAT(model.error().message(), testing::HasSubstr(one.sentence));
  }
}

TEST(XgboostModel, TheBestRoundIsCountedFromZeroOrInTrees) {
  const auto rounds = [](auto change) {
    XgboostFile file = small_file();
    for (int t = 0; t < 3; ++t) {
      file.ensemble.trees.push_back(file.ensemble.trees[0]);
      file.tree_outputs.push_back(0);
    }
    change(file);
    auto model = model_of(std::move(file));
    EXPECT_TRUE(model) << model.error().message();
    return std::get<TreeParameters>(model->parameters).rounds;
  };
  EXPECT_EQ(rounds([](XgboostFile&) {}), 4U);
  EXPECT_EQ(rounds([](XgboostFile& file) { file.best_iteration = 1; }), 2U);
  EXPECT_EQ(rounds([](XgboostFile& file) { file.best_iteration = 9; }), 4U);
  EXPECT_EQ(rounds([](XgboostFile& file) { file.best_ntree_limit = 3; }), 3U);
  EXPECT_EQ(rounds([](XgboostFile& file) {
              file.parallel_trees = 2;
              file.best_ntree_limit = 2;
            }),
            1U);
}

TEST(XgboostModel, ItsVersionIsToldAsFarAsTheFileTellsIt) {
  const auto told = [](uint64_t major, bool patch_known) {
    XgboostFile file = small_file();
    file.version[0] = major;
    file.version[1] = 7;
    file.version[2] = 4;
    file.base_is_margin = major == 0;
    file.patch_known = patch_known;
    const auto model = model_of(std::move(file));
    return model ? model->provenance.trained_by : model.error().message();
  };
  EXPECT_EQ(told(1, true), "xgboost 1.7.4");
  EXPECT_EQ(told(1, false), "xgboost 1.7") << "of a binary file";
  EXPECT_EQ(told(0, false), "xgboost 0.x");
}

TEST(XgboostModel, BeforeOneTheBaseIsAMarginAlready) {
  XgboostFile file = small_file();
  file.objective = "binary:logistic";
  file.base_scores = {0.25F};
  file.version[0] = 0;
  file.base_is_margin = true;
  const auto old = model_of(std::move(file));
  ASSERT_TRUE(old);
  EXPECT_EQ(std::get<TreeParameters>(old->parameters).ensemble.base_values[0], 0.25);
}

TEST(XgboostModel, ExpectilesRise) {
  XgboostFile file = small_file();
  file.objective = "reg:expectileerror";
  file.quantiles = {"0.1", "0.9"};
  file.targets = 2;
  file.base_scores = {1, 4};
  file.ensemble.trees.clear();
  file.ensemble.nodes.clear();
  file.ensemble.leaf_values.clear();
  file.ensemble.leaf_ids.clear();
  file.tree_outputs.clear();
  const auto model = model_of(std::move(file));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model->output.value_names, (std::vector<std::string>{"0.1", "0.9"}));
  const auto predictor = compile(*model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  const float row = 0;
  float scores[2];
  (*predictor)->predict({&row, 1, 1}, {scores, 1, 2});
  EXPECT_EQ(scores[0], 1);
  EXPECT_NEAR(scores[1], 4, 1e-6F) << "what no tree has changed";
}

/// One that has seen no round: what it answers is the base score's.
XgboostFile file_without_trees() {
  XgboostFile file = small_file();
  file.base_scores = {3.25F};
  file.ensemble = {};
  file.tree_outputs.clear();
  return file;
}

TEST(XgboostModel, WithoutRoundsTheBaseScoreIsTheAnswerAndTheBias) {
  const auto model = model_of(file_without_trees());
  ASSERT_TRUE(model) << model.error().message();
  const auto predictor = compile(*model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  const float row = 7;
  float score = 0;
  (*predictor)->predict({&row, 1, 1}, {&score, 1, 1});
  EXPECT_EQ(score, 3.25F);
  const data::Explanation& told = (*predictor)->output().explanation;
  ASSERT_EQ(told.contributions(), 2U) << told.no_contributions;
  double values[2];
  (*predictor)->contributions({&row, 1, 1}, values);
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], 3.25);
}

TEST(XgboostModel, OfOneClassTheProbabilityIsOneAndTheIndexZero) {
  for (const bool index : {false, true}) {
    XgboostFile file = small_file();
    file.classes = 1;
    file.objective = index ? "multi:softmax" : "multi:softprob";
    const auto model = model_of(std::move(file));
    ASSERT_TRUE(model) << model.error().message();
    const auto predictor = compile(*model, base::InstructionSet::kPortable);
    ASSERT_TRUE(predictor) << predictor.error().message();
    const float row = 7;
    float score = -1;
    (*predictor)->predict({&row, 1, 1}, {&score, 1, 1});
    EXPECT_EQ(score, index ? 0 : 1);
  }
}

TEST(XgboostModel, NamesAreMadeUpOnlyWhereThereAreNone) {
  XgboostFile file = small_file();
  const auto unnamed = model_of(file);
  EXPECT_EQ(unnamed->schema.feature_names, std::vector<std::string>{"f0"});
  EXPECT_FALSE(unnamed->schema.features_named);
  file.feature_names = {"age"};
  const auto named = model_of(file);
  EXPECT_EQ(named->schema.feature_names, std::vector<std::string>{"age"});
  EXPECT_TRUE(named->schema.features_named);
}

}  // namespace
}  // namespace ringmaker::model
