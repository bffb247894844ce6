// ONNX models answer what the reference runtime answered: labels exactly, numbers within the
// tolerance that each fixture states (1e-5, relative, for most: sums of float32 differ in order).
//
// Three that were written with python3-onnx, with scikit-learn's answers, are kept in
// tests/golden/onnx, and graphs that the tests write themselves are tried everywhere
// (tests/model/graph); those that converters made are looked for beside the project, and their
// absence is told.
#include "model/import/onnx/onnx_model.h"

#include "base/random.h"
#include "model/artifact.h"
#include "tests/model/graph/graph_test_support.h"
#include "tests/model/import/onnx/onnx_fixture.h"
#include "tests/support/instruction_sets.h"
#include "wire/json_reader.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <cstring>

namespace ringmaker::model {
namespace {

const fs::path kGolden = fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/onnx";
const fs::path kShared = fs::path(RINGMAKER_SOURCE_DIR) / "../shared/models";

std::string name_of(const testing::TestParamInfo<Fixture>& one) {
  std::string name = one.param.name();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

TEST(OnnxFixtures, AreThere) {
  if (!fs::exists(kShared)) {
    GTEST_SKIP() << "no ../shared/models: only the models of tests/golden/onnx are tried";
  }
  EXPECT_EQ(fixtures(kShared, {"onnx"}).size(), 74U);
}

class OnnxParity : public testing::TestWithParam<Fixture> {
 protected:
  void SetUp() override {
    bytes_ = file_bytes(GetParam().file);
    auto model = imported(bytes_);
    ASSERT_TRUE(model) << model.error().message();
    model_ = std::move(*model);
    folder_ = GetParam().file.parent_path();
    predictor_ = compiled_for(base::detect_instruction_set());
    rows_ = onnx_rows(read_table(folder_ / "input.csv"), predictor_->schema());
  }
  [[nodiscard]] std::unique_ptr<Predictor> compiled_for(base::InstructionSet set) const {
    auto predictor = compile(model_, set);
    EXPECT_TRUE(predictor) << predictor.error().message();
    return std::move(*predictor);
  }
  [[nodiscard]] size_t columns() const { return model_.schema.feature_count(); }
  [[nodiscard]] data::DenseView rows() const {
    return {rows_.data(), rows_.size() / columns(), columns()};
  }
  [[nodiscard]] std::vector<float> scores(const Predictor& predictor, size_t at_a_time) const {
    const size_t width = predictor.output().score_columns();
    std::vector<float> found(rows().rows * width);
    for (size_t first = 0; first < rows().rows; first += at_a_time) {
      const size_t count = std::min(at_a_time, rows().rows - first);
      predictor.predict(rows().slice(first, count), {&found[first * width], count, width});
    }
    return found;
  }

  std::vector<std::byte> bytes_;
  Model model_;
  fs::path folder_;
  std::unique_ptr<Predictor> predictor_;
  std::vector<float> rows_;
};

std::string field_of(const GraphPredictor& graph, const Frame& frame, const GraphOutput& output,
                     size_t at) {
  switch (storage_of(output.type)) {
    case Storage::kFloat:
      return fmt::format("{:.9g}", frame.read<float>(output.id)[at]);
    case Storage::kDouble:
      return fmt::format("{:.17g}", frame.read<double>(output.id)[at]);
    case Storage::kInteger:
      break;
  }
  const int64_t value = frame.read<int64_t>(output.id)[at];
  return output.type == ElementType::kString ? graph.text(value) : fmt::format("{}", value);
}

TEST_P(OnnxParity, EveryOutputIsTheReferencesByEveryInstructionSet) {
  std::ifstream meta_file(folder_ / "meta.json");
  const std::string meta_text(std::istreambuf_iterator<char>(meta_file), {});
  const auto meta = wire::JsonValue::parse(meta_text);
  ASSERT_TRUE(meta);
  const auto* floats = meta->find("tolerance")->find("floats");
  const double relative = floats->find("rtol")->as_double().value();
  const double absolute = floats->find("atol")->as_double().value();
  const Table expected = read_table(folder_ / "expected.csv");
  ASSERT_EQ(expected.rows.size(), rows().rows);
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto predictor = compiled_for(set);
    const auto& graph = dynamic_cast<const GraphPredictor&>(*predictor);
    size_t row = 0;
    graph.run(rows(), [&](const Frame& frame) {
      for (size_t i = 0; i < frame.rows; ++i, ++row) {
        ASSERT_FALSE(frame.spoiled[i]) << "row " << row;
        size_t column = 0;
        for (const GraphOutput& output : graph.outputs()) {
          for (size_t k = 0; k < output.columns; ++k, ++column) {
            const std::string found = field_of(graph, frame, output, i * output.columns + k);
            ASSERT_TRUE(is_near(found, expected.rows[row][column], relative, absolute))
                << base::name(set) << ", row " << row << ", " << expected.names[column] << ": "
                << found << " for " << expected.rows[row][column];
          }
        }
        ASSERT_EQ(column, expected.names.size());
      }
    });
    EXPECT_EQ(row, expected.rows.size());
  }
}

/// What is served speaks for the class that the graph's own label names.
TEST_P(OnnxParity, ThePredictedClassIsTheGraphsLabel) {
  if (model_.output.task == data::Task::kRegression) {
    return;
  }
  const Table expected = read_table(folder_ / "expected.csv");
  const std::vector<float> found = scores(*predictor_, 64);
  const size_t width = model_.output.score_columns();
  size_t differ = 0;
  size_t label = 0;
  while (expected.names[label].find("label") == std::string::npos &&
         expected.names[label] != "cls") {
    ++label;
  }
  for (size_t i = 0; i < expected.rows.size(); ++i) {
    const auto predicted = model_.output.predicted_class(&found[i * width]);
    ASSERT_TRUE(predicted) << "row " << i;
    differ += model_.output.class_names[*predicted] != expected.rows[i][label] ? 1 : 0;
  }
  // A support vector machine names the class with the most votes, whatever its probabilities say.
  const bool votes = GetParam().name().find("svc_rbf_proba") != std::string::npos;
  EXPECT_LE(differ, votes ? expected.rows.size() / 10 : 0U);
}

/// The same bits for all rows in a call, a few, and one, by each instruction set.
TEST_P(OnnxParity, AScoreDependsOnItsRowAlone) {
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    const auto predictor = compiled_for(set);
    const std::vector<float> expected = scores(*predictor, 1);
    for (const size_t at_a_time : {size_t{3}, size_t{64}, rows().rows}) {
      const std::vector<float> found = scores(*predictor, at_a_time);
      EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)), 0)
          << base::name(set) << ", " << at_a_time << " at a time";
    }
  }
}

TEST_P(OnnxParity, ComesBackFromAFileOfOurs) {
  const auto bytes = encode_artifact(model_);
  const auto back = decode_artifact(bytes);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode_artifact(*back), bytes);
  const auto predictor = compile(*back, base::detect_instruction_set());
  ASSERT_TRUE(predictor);
  const std::vector<float> expected = scores(*predictor_, 64);
  const std::vector<float> found = scores(**predictor, 64);
  EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)), 0);
}

/// A shorter file is an error, or, where the cut falls between the model's last fields, a model.
TEST_P(OnnxParity, CutOffAnywhereIsAnErrorOrAWholeGraph) {
  const size_t steps = std::min<size_t>(bytes_.size(), 200);
  for (size_t i = 0; i < steps; ++i) {
    const size_t size = bytes_.size() * i / steps;
    const auto model = import_onnx(std::span(bytes_).first(size));
    if (model) {
      EXPECT_TRUE(compile(*model, base::InstructionSet::kPortable));
    } else {
      EXPECT_FALSE(model.error().message().empty());
    }
  }
}

/// One flipped bit is an error or another model; that one scores or refuses without harm. (Of each
/// model few bits: Damaged and the fuzz body turn more.)
TEST_P(OnnxParity, AFlippedBitDoesNoHarm) {
  base::Random random(7);
  std::vector<std::byte> damaged(bytes_);
  for (size_t i = 0; i < 40; ++i) {
    const size_t at = random.uniform() * static_cast<double>(bytes_.size());
    damaged[at] ^= std::byte{1} << (i % 8);
    if (const auto model = import_onnx(damaged)) {
      const auto predictor = compile(*model, base::InstructionSet::kPortable);
      ASSERT_TRUE(predictor) << predictor.error().message();
      const std::vector<float> one((*predictor)->schema().feature_count(), 0.5F);
      std::vector<float> score((*predictor)->output().score_columns());
      (*predictor)->predict({one.data(), 1, one.size()}, {score.data(), 1, score.size()});
    }
    damaged[at] = bytes_[at];
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, OnnxParity, testing::ValuesIn(fixtures(kGolden, {""})), name_of);
INSTANTIATE_TEST_SUITE_P(Fixtures, OnnxParity, testing::ValuesIn(fixtures(kShared, {"onnx"})),
                         name_of);

/// A pipeline as converters write it: texts and numbers in, a label and its probabilities out.
std::string pipeline() {
  return OnnxWriter()
      .input("colour", kOnnxString, {-1, 1})
      .input("size", kOnnxFloat, {-1, 1})
      .node("ai.onnx.ml:OneHotEncoder", {"colour"}, {"hot"},
            {{"cats_strings", std::vector<std::string>{"red", "", "blue"}}})
      .constant("flat", integers({-1, 3}))
      .node("Reshape", {"hot", "flat"}, {"columns"})
      .node("Concat", {"columns", "size"}, {"all"}, {{"axis", int64_t{1}}})
      .node("ai.onnx.ml:LinearClassifier", {"all"}, {"label", "raw"},
            {{"coefficients", std::vector<float>{1, 0, 0, -1, -1, 0, 0, 1}},
             {"intercepts", std::vector<float>{0, 0}},
             {"classlabels_strings", std::vector<std::string>{"no", "yes"}},
             {"post_transform", std::string("LOGISTIC")}})
      .node("ai.onnx.ml:Normalizer", {"raw"}, {"probabilities"}, {{"norm", std::string("L1")}})
      .node("ai.onnx.ml:ZipMap", {"probabilities"}, {"map"},
            {{"classlabels_strings", std::vector<std::string>{"no", "yes"}}})
      .output("label", kOnnxString)
      .output("map")
      .file();
}

TEST(OnnxModel, IsDescribedByWhatItsOperatorsSay) {
  const std::string file = pipeline();
  const auto model = import_onnx(bytes_of_text(file));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(kind(*model), "graph");
  EXPECT_EQ(model->schema.feature_names, (std::vector<std::string>{"colour", "size"}));
  EXPECT_TRUE(model->schema.features_named);
  EXPECT_TRUE(model->schema.is_text(0));
  EXPECT_FALSE(model->schema.is_text(1));
  EXPECT_EQ(model->schema.category_names[0], (std::vector<std::string>{"", "red", "blue"}));
  EXPECT_EQ(model->output.task, data::Task::kBinary);
  EXPECT_EQ(model->output.class_names, (std::vector<std::string>{"no", "yes"}));
  EXPECT_FALSE(model->output.numeric_classes);
  EXPECT_EQ(model->provenance.trained_by, "ringmaker tests");
  const auto& graph = std::get<GraphParameters>(model->parameters);
  EXPECT_EQ(graph.ir_version, 8);
  EXPECT_EQ(graph.operators.size(), 6U);
  EXPECT_EQ(graph.inputs,
            (std::vector<std::string>{"colour: string [N, 1]", "size: float [N, 1]"}));
}

TEST(OnnxModel, AnInputOfOneColumnIsAFeatureOfItsNameBesideWiderOnes) {
  const std::string file = OnnxWriter()
                               .input("size", kOnnxFloat, {-1, 1})
                               .input("x", kOnnxFloat, {-1, 2})
                               .node("Concat", {"size", "x"}, {"y"}, {{"axis", int64_t{1}}})
                               .output("y")
                               .file();
  const auto model = import_onnx(bytes_of_text(file));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model->schema.feature_names, (std::vector<std::string>{"size", "x_0", "x_1"}));
  EXPECT_FALSE(model->schema.features_named) << "two of the names are made up";
}

TEST(OnnxModel, TextsAreTheNumbersOfTheirCategories) {
  const std::string file = pipeline();
  const auto predictor = compiled(file);
  ASSERT_TRUE(predictor) << predictor.error().message();
  // red, unknown, blue: of two classes the second's share of both.
  const std::vector<float> rows{1, 0, -1, 2, 2, 0};
  std::vector<float> scores(3);
  (*predictor)->predict({rows.data(), 3, 2}, {scores.data(), 3, 1});
  EXPECT_NEAR(scores[0], 0.268941F, 1e-6);
  EXPECT_NEAR(scores[1], 0.880797F, 1e-6);
  EXPECT_EQ(scores[2], 0.5F);
}

TEST(OnnxModel, FilesOfOurOwnThatContradictThemselvesAreRefused) {
  const std::string file = pipeline();
  auto model = import_onnx(bytes_of_text(file));
  ASSERT_TRUE(model);
  model->schema.feature_names = {"colour", "weight"};
  const auto back = decode_artifact(encode_artifact(*model));
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().message(), testing::HasSubstr("different features or classes"));
}

TEST(OnnxModel, SeveralWithTextsDoNotAnswerAsOne) {
  const std::string file = pipeline();
  const auto model = import_onnx(bytes_of_text(file));
  ASSERT_TRUE(model);
  Model average;
  average.schema = model->schema;
  average.output = model->output;
  average.parameters = AverageParameters{.members = {*model, *model}};
  EXPECT_FALSE(validate(average));
}

}  // namespace
}  // namespace ringmaker::model
