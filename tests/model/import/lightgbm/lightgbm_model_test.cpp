// Models of LightGBM answer what LightGBM answered: leaves, raw values, predictions.
//
// Three that were written by hand, with their answers, are kept in tests/golden/lightgbm; many that
// the library made are looked for beside the project, and their absence is told.
#include "model/import/lightgbm/lightgbm_model.h"

#include "model/artifact.h"
#include "model/link.h"
#include "model/tree/narrowed_trees.h"
#include "model/tree/reference_walk.h"
#include "model/tree/tree_predictor.h"
#include "tests/model/import/fixture.h"
#include "tests/support/instruction_sets.h"

#include <gmock/gmock.h>

#include <cstring>

namespace ringmaker::model {
namespace {

const fs::path kGolden = fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/lightgbm";
const fs::path kShared = fs::path(RINGMAKER_SOURCE_DIR) / "../shared/models";

std::vector<Fixture> all_fixtures() {
  std::vector<Fixture> all = fixtures(kGolden, {""});
  for (Fixture& one : fixtures(kShared, {"lgb", "tp_lgb"})) {
    all.push_back(std::move(one));
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Fixture>& one) {
  std::string name = one.param.name();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

double double_of(const std::string& text) {
  return text.empty() ? std::nan("") : std::strtod(text.c_str(), nullptr);
}

TEST(LightgbmFixtures, AreThere) {
  EXPECT_EQ(fixtures(kGolden, {""}).size(), 3U);
  if (!fs::exists(kShared)) {
    GTEST_SKIP() << "no ../shared/models: only the models of tests/golden/lightgbm are tried";
  }
  EXPECT_EQ(fixtures(kShared, {"lgb", "tp_lgb"}).size(), 38U);
}

class LightgbmParity : public testing::TestWithParam<Fixture> {
 protected:
  void SetUp() override {
    auto model = imported(file_bytes(GetParam().file));
    ASSERT_TRUE(model) << model.error().message();
    model_ = std::move(*model);
    trees_ = std::get_if<TreeParameters>(&model_.parameters);
    ASSERT_NE(trees_, nullptr);
    folder_ = GetParam().file.parent_path();
    for (const auto& fields : read_table(folder_ / "input.csv").rows) {
      ASSERT_EQ(fields.size(), columns());
      std::ranges::transform(fields, std::back_inserter(rows_), double_of);
    }
    const TreeEnsemble* const one[] = {&trees_->ensemble};
    auto narrowing = narrowing_of(one);
    ASSERT_TRUE(narrowing) << narrowing.error().message();
    for (size_t i = 0; i < rows_.size(); ++i) {
      narrowed_.push_back(narrowing->narrow(i % columns(), rows_[i]));
    }
    narrow_walk_.emplace(narrowed_trees(trees_->ensemble, *narrowing));
    walk_.emplace(trees_->ensemble);
  }
  [[nodiscard]] size_t columns() const { return model_.schema.feature_count(); }
  [[nodiscard]] size_t row_count() const { return rows_.size() / columns(); }
  [[nodiscard]] size_t outputs() const { return trees_->ensemble.outputs; }
  [[nodiscard]] data::DenseView narrowed() const {
    return {narrowed_.data(), row_count(), columns()};
  }
  [[nodiscard]] std::vector<double> sums(size_t row) const {
    std::vector<double> values(outputs());
    walk_->sums(rows_.data() + row * columns(), values.data());
    return values;
  }
  void expect_near(double found, const std::string& text, double relative, double absolute,
                   size_t row) const {
    const double wanted = double_of(text);
    if (found == wanted || (std::isnan(found) && std::isnan(wanted))) {
      return;
    }
    ASSERT_LE(std::fabs(found - wanted), absolute + relative * std::fabs(wanted))
        << "row " << row << ": " << found << " for " << wanted;
  }

  Model model_;
  const TreeParameters* trees_ = nullptr;
  fs::path folder_;
  std::vector<double> rows_;
  std::vector<float> narrowed_;
  std::optional<ReferenceWalk> walk_;
  std::optional<ReferenceWalk> narrow_walk_;
};

TEST_P(LightgbmParity, RawValuesAndPredictionsAreTheLibrarysInDouble) {
  const Table expected = read_table(folder_ / "expected.csv");
  ASSERT_EQ(expected.rows.size(), row_count());
  const size_t raw = expected.first("raw");
  const size_t predicted = expected.first("pred");
  for (size_t i = 0; i < row_count(); ++i) {
    std::vector<double> values = sums(i);
    for (size_t k = 0; k < outputs(); ++k) {
      expect_near(values[k], expected.rows[i][raw + k], 1e-12, 1e-13, i);
    }
    std::ranges::transform(values, values.begin(),
                           [&](double value) { return value * link_scale(*trees_); });
    apply_link(trees_->link, values);
    for (size_t k = 0; k < outputs(); ++k) {
      expect_near(values[k], expected.rows[i][predicted + k], 1e-11, 1e-13, i);
    }
  }
}

/// Leaves, from doubles and from what rows hold; where the library's are known, they are these.
TEST_P(LightgbmParity, EachRowReachesTheLibrarysLeaves) {
  const Table expected = read_table(folder_ / "expected_leaf.csv");
  std::vector<uint32_t> wide(trees_->ensemble.trees.size());
  std::vector<uint32_t> narrow(wide.size());
  for (size_t i = 0; i < row_count(); ++i) {
    walk_->leaves(rows_.data() + i * columns(), wide.data());
    narrow_walk_->leaves(narrowed().row(i), narrow.data());
    ASSERT_EQ(narrow, wide) << "row " << i;
    for (size_t t = 0; t < wide.size() && !expected.rows.empty(); ++t) {
      ASSERT_EQ(std::to_string(wide[t]), expected.rows[i][t]) << "row " << i << ", tree " << t;
    }
  }
}

/// As served, too, by layouts that know of leaves what the plain walk does.
TEST_P(LightgbmParity, LeavesAreToldByThePredictor) {
  const auto predictor = compile(model_, base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  const size_t trees = trees_->ensemble.trees.size();
  ASSERT_EQ((*predictor)->output().explanation.leaves, trees);
  std::vector<uint32_t> leaves(row_count() * trees);
  (*predictor)->leaves(narrowed(), leaves.data());
  std::vector<uint32_t> expected(trees);
  for (size_t i = 0; i < row_count(); ++i) {
    narrow_walk_->leaves(narrowed().row(i), expected.data());
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(),
                           leaves.begin() + static_cast<ptrdiff_t>(i * trees)))
        << "row " << i;
  }
}

/// Where the library's contributions are known, they are these; all add up to the raw value.
TEST_P(LightgbmParity, ContributionsAreTheLibrarysAndAddUpToTheRawValue) {
  const auto predictor = compile(model_, base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  const data::Explanation& told = (*predictor)->output().explanation;
  if (!trees_->ensemble.linear_leaves.empty()) {
    EXPECT_THAT(told.no_contributions, testing::HasSubstr("linear functions"));
    return;
  }
  if (trees_->ensemble.leaf_covers.empty()) {
    EXPECT_THAT(told.no_contributions, testing::HasSubstr("does not tell"));
    return;
  }
  ASSERT_EQ(told.contributions(), outputs() * (columns() + 1)) << told.no_contributions;
  std::vector<double> values(row_count() * told.contributions());
  (*predictor)->contributions(narrowed(), values.data());
  const Table expected = read_table(folder_ / "expected_contrib.csv");
  const double* value = values.data();
  for (size_t i = 0; i < row_count(); ++i) {
    const std::vector<double> raw = sums(i);
    for (size_t k = 0; k < outputs(); ++k) {
      double sum = 0;
      for (size_t j = 0; j <= columns(); ++j, ++value) {
        sum += *value;
        if (!expected.rows.empty()) {
          expect_near(*value, expected.rows[i][k * (columns() + 1) + j], 1e-6, 1e-9, i);
        }
      }
      ASSERT_NEAR(sum, raw[k], 1e-9 * (1 + std::fabs(raw[k]))) << "row " << i;
    }
  }
}

/// The double sum, rounded: the same bits by every instruction set, for all rows in a call and one.
TEST_P(LightgbmParity, EveryKernelGivesTheSumOfThePlainWalk) {
  std::vector<float> expected(row_count() * outputs());
  narrow_walk_->score(narrowed(), {expected.data(), row_count(), outputs()});
  if (trees_->ensemble.linear_leaves.empty()) {
    for (size_t i = 0; i < row_count(); ++i) {
      for (size_t k = 0; k < outputs(); ++k) {
        ASSERT_EQ(expected[i * outputs() + k], static_cast<float>(sums(i)[k])) << "row " << i;
      }
    }
  }
  const auto same = [&](const std::vector<float>& found) {
    return std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)) == 0;
  };
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto predictor = compile(model_, set);
    ASSERT_TRUE(predictor) << predictor.error().message();
    std::vector<float> found(expected.size());
    (*predictor)->margins(narrowed(), {found.data(), row_count(), outputs()});
    EXPECT_TRUE(same(found)) << base::name(set);
    for (size_t i = 0; i < row_count(); ++i) {
      (*predictor)->margins(narrowed().slice(i, 1), {&found[i * outputs()], 1, outputs()});
    }
    EXPECT_TRUE(same(found)) << base::name(set) << ", row by row";
  }
}

TEST_P(LightgbmParity, ServedScoresAreTheLibrarysPredictionsInFloat32) {
  const Table expected = read_table(folder_ / "expected.csv");
  const size_t predicted = expected.first("pred");
  const auto predictor = compile(model_, base::detect_instruction_set());
  ASSERT_TRUE(predictor);
  std::vector<float> scores(row_count() * outputs());
  (*predictor)->predict(narrowed(), {scores.data(), row_count(), outputs()});
  for (size_t i = 0; i < row_count(); ++i) {
    for (size_t k = 0; k < outputs(); ++k) {
      expect_near(static_cast<double>(scores[i * outputs() + k]), expected.rows[i][predicted + k],
                  1e-5, 1e-6, i);
    }
  }
}

TEST_P(LightgbmParity, ComesBackFromAFileOfOurs) {
  const auto bytes = encode_artifact(model_);
  const auto back = decode_artifact(bytes);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode_artifact(*back), bytes);
  const auto& trees = std::get<TreeParameters>(back->parameters);
  const ReferenceWalk walk(trees.ensemble);
  std::vector<double> found(outputs());
  for (size_t i = 0; i < row_count(); ++i) {
    walk.sums(rows_.data() + i * columns(), found.data());
    const std::vector<double> expected = sums(i);
    ASSERT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(double)), 0);
  }
  EXPECT_EQ(link_scale(trees), link_scale(*trees_));
  EXPECT_EQ(trees.link, trees_->link);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, LightgbmParity, testing::ValuesIn(all_fixtures()), name_of);

LightgbmFile small_file() {
  LightgbmFile file;
  file.version = "v4";
  file.objective = "binary sigmoid:2";
  file.trees_per_round = 1;
  file.feature_names = {"a"};
  file.ensemble.trees = {{.leaf_count = 1}, {.leaf_begin = 1, .leaf_count = 1}};
  file.ensemble.leaf_values = {1, 2};
  file.ensemble.leaf_covers = {1, 1};
  return file;
}

TEST(LightgbmModel, IsDescribedByWhatTheFileSays) {
  LightgbmFile file = small_file();
  file.gains = {3};
  const auto model = model_of(file);
  ASSERT_TRUE(model) << model.error().message();
  const auto& trees = std::get<TreeParameters>(model->parameters);
  EXPECT_EQ(model->output.task, data::Task::kBinary);
  EXPECT_EQ(trees.objective, "binary sigmoid:2");
  EXPECT_EQ(trees.slope, 2);
  EXPECT_EQ(trees.rounds, 2U);
  EXPECT_TRUE(model->schema.features_named);
  EXPECT_TRUE(model->schema.blanks_as_underscores) << "as LightGBM writes names";
  EXPECT_EQ(model->schema.absent_value, 0) << "what a sparse row does not list is 0";
  EXPECT_EQ(model->provenance.importance, std::vector<double>{1});
  EXPECT_EQ(model->provenance.trained_by, "lightgbm (model v4)");
}

TEST(LightgbmModel, NamesThatTheLibraryMadeUpAreNone) {
  LightgbmFile file = small_file();
  file.feature_names = {"Column_0"};
  EXPECT_FALSE(model_of(file)->schema.features_named);
}

TEST(LightgbmModel, AnObjectiveOfOnesOwnAnswersAListOfValues) {
  LightgbmFile file = small_file();
  file.objective = "";
  file.trees_per_round = 2;
  const auto model = model_of(file);
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model->output.value_names, (std::vector<std::string>{"0", "1"}));
}

TEST(LightgbmModel, TreesOfOneLeafAddToTheBiasAlone) {
  const auto model = model_of(small_file());
  ASSERT_TRUE(model) << model.error().message();
  const auto predictor = compile(*model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  const data::Explanation& told = (*predictor)->output().explanation;
  ASSERT_EQ(told.contributions(), 2U) << told.no_contributions;
  const float row = 9;
  double values[2];
  (*predictor)->contributions({&row, 1, 1}, values);
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], 3);
}

TEST(LightgbmModel, WhatContradictsItselfIsRefusedByTheFieldsName) {
  const auto error = [](auto spoil) {
    LightgbmFile file = small_file();
    spoil(file);
    const auto model = model_of(file);
    return model ? std::string() : model.error().message();
  };
  EXPECT_EQ(error([](auto& f) { f.trees_per_round.reset(); }), "num_tree_per_iteration is missing");
  EXPECT_EQ(error([](auto& f) { f.trees_per_round = 0; }),
            "num_tree_per_iteration is 0, from 1 to 4096 are read");
  EXPECT_EQ(error([](auto& f) { f.trees_per_round = 2; }),
            "num_tree_per_iteration is 2, the objective binary has 1");
  EXPECT_EQ(error([](auto& f) {
              f.objective = "multiclass num_class:3";
              f.trees_per_round = 2;
            }),
            "num_tree_per_iteration is 2, the objective multiclass has 3 classes");
  EXPECT_EQ(error([](auto& f) {
              f.objective = "regression";
              f.trees_per_round = 3;
            }),
            "the model has 2 trees, no multiple of num_tree_per_iteration, which is 3");
  EXPECT_THAT(error([](auto& f) { f.objective = "cosine"; }), testing::HasSubstr("\"cosine\""));
  // A walk that would go round.
  EXPECT_THAT(error([](auto& f) {
                f.ensemble.nodes = {{.left = 0, .right = ~0}};
                f.ensemble.trees[0].node_count = 1;
                f.covers_known = false;
              }),
              testing::HasSubstr("tree 0, node 0: its child 0 is reached a second time"));
}

TEST(LightgbmModel, SeveralModelsThatAnswerAsOneShareTheirRows) {
  const auto golden = imported(file_bytes(kGolden / "binary/model.txt"));
  ASSERT_TRUE(golden);
  Model average;
  average.schema = golden->schema;
  average.output = golden->output;
  Model other = *golden;
  for (TreeNode& node : std::get<TreeParameters>(other.parameters).ensemble.nodes) {
    node.threshold += node.decision == Decision::kCategories ? 0 : 0.25000000001;
  }
  average.parameters = AverageParameters{.members = {*golden, other}};
  const auto predictor = compile(average, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  const data::Narrowing& narrowing = (*predictor)->schema().narrowing;
  const TreeEnsemble* const both[] = {&std::get<TreeParameters>(golden->parameters).ensemble,
                                      &std::get<TreeParameters>(other.parameters).ensemble};
  EXPECT_EQ(narrowing, *narrowing_of(both));
  Model mixed = average;
  auto& second = std::get<AverageParameters>(mixed.parameters).members[1];
  std::get<TreeParameters>(second.parameters).ensemble.precision = Precision::kFloat32;
  EXPECT_FALSE(validate(mixed)) << "rows would have to be rounded in two ways";
}

}  // namespace
}  // namespace ringmaker::model
