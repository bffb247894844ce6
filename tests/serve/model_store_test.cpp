// From a model directory to a predictor, and what is said when there is none.
#include "serve/model_store.h"

#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/as_another_user.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

std::string message(const std::string& path) {
  const auto model = read_model(path);
  return model ? "a model" : model.error().message();
}

std::string artifact_name() { return std::string(model::kArtifactFileName); }

TEST(ModelStore, SaysWhatWasLookedForAndWhatIsThereInstead) {
  const test::TemporaryDirectory files;
  EXPECT_THAT(message(files.path("gone")), HasSubstr("gone does not exist"));
  EXPECT_THAT(message(files.path()), HasSubstr("it is empty"));
  files.write("b.txt", "x");
  files.write("a.txt", "x");
  EXPECT_THAT(message(files.path()), HasSubstr("it holds a.txt, b.txt"));
  for (int i = 0; i < 6; ++i) {
    files.write(fmt::format("c{}", i), "x");
  }
  EXPECT_THAT(message(files.path()), HasSubstr(" and 3 more"));
}

TEST(ModelStore, WhatIsNoArtifactIsRefusedByName) {
  const test::TemporaryDirectory files;
  files.write("m/" + artifact_name(), "no model at all");
  EXPECT_THAT(message(files.path("m")), HasSubstr(artifact_name()));
  files.write("e/" + artifact_name(), "");
  EXPECT_THAT(message(files.path("e")), testing::Not("a model"));
}

TEST(ModelStore, AFifoOfThatNameDoesNotHangTheStart) {
  const test::TemporaryDirectory files;
  ASSERT_EQ(::mkfifo(files.path(artifact_name()).c_str(), 0600), 0);
  EXPECT_THAT(message(files.path()), HasSubstr("is not a regular file"));
}

std::string golden(const std::string& name) {
  std::ifstream file(std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/xgboost/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ModelStore, AModelOfXgboostIsKnownByContentWhateverItsName) {
  for (const std::string extension : {"json", "ubj", "deprecated"}) {
    const test::TemporaryDirectory files;
    files.write("xgboost-model", golden("binary/model." + extension));
    files.write("notes.txt", "not a model");
    files.write(".hidden", golden("binary/model.json"));
    const auto model = read_model(files.path());
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ(model::kind(*model), "trees");
  }
}

TEST(ModelStore, AModelOfXgboostIsKnownByItsEndToo) {
  std::string text = golden("binary/model.json");
  text.insert(1, "\"Config\":\"" + std::string(6000, 'x') + "\",");
  const test::TemporaryDirectory files;
  files.write("model.json", text);
  EXPECT_EQ(message(files.path()), "a model") << "in a directory";
  EXPECT_EQ(message(files.path("model.json")), "a model") << "by its own name";
}

TEST(ModelStore, OurOwnModelCountsBeforeAllOthers) {
  const test::TemporaryDirectory files;
  files.write("xgboost-model", golden("binary/model.json"));
  ASSERT_TRUE(base::write_file_atomically(
      files.path(artifact_name()),
      model::encode_artifact(model::random_linear(model::Link::kIdentity, 2, 1, 1))));
  EXPECT_EQ(model::kind(*read_model(files.path())), "linear");
}

TEST(ModelStore, SeveralModelsAnswerAsOne) {
  const test::TemporaryDirectory files;
  files.write("xgboost-model-0", golden("softprob/model.json"));
  files.write("xgboost-model-1", golden("softprob/model.ubj"));
  const auto model = read_model(files.path());
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model::kind(*model), "average");
  EXPECT_FALSE(std::get<model::AverageParameters>(model->parameters).vote);
  EXPECT_TRUE(prepare_predictor(*model, base::InstructionSet::kPortable));
  EXPECT_EQ(model_files(files.path())->size(), 2U);
  files.write("xgboost-model-2", golden("binary/model.json"));
  EXPECT_THAT(message(files.path()),
              HasSubstr(files.path("xgboost-model-0") + " and " + files.path("xgboost-model-2") +
                        " cannot answer as one: their outputs are not the same"));
}

TEST(ModelStore, ModelsOfOtherObjectivesDoNotAnswerAsOne) {
  std::string raw = golden("binary/model.json");
  const std::string objective = "binary:logistic";
  for (size_t at = raw.find(objective); at != raw.npos; at = raw.find(objective, at)) {
    raw.replace(at, objective.size(), "binary:logitraw");
  }
  const test::TemporaryDirectory files;
  files.write("a", golden("binary/model.json"));
  files.write("b", raw);
  EXPECT_THAT(message(files.path()), HasSubstr("their scores mean different things"));
}

TEST(ModelStore, WithoutAnEnsembleTheFirstFileIsTheModel) {
  const test::TemporaryDirectory files;
  files.write("xgboost-model-0", golden("softprob/model.json"));
  files.write("xgboost-model-1", golden("binary/model.json"));
  const auto model = read_model(files.path(), {.ensemble = false});
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model::kind(*model), "trees");
  EXPECT_GT(model->output.score_columns(), 1U) << "softprob's, not binary's";
}

TEST(ModelStore, ClassesAreVotedFor) {
  const test::TemporaryDirectory files;
  files.write("a", golden("softmax/model.json"));
  files.write("b", golden("softmax/model.ubj"));
  const auto model = read_model(files.path());
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_TRUE(std::get<model::AverageParameters>(model->parameters).vote);
}

void allow(const std::string& path, unsigned mode) {
  std::filesystem::permissions(path, std::filesystem::perms(mode));
}

TEST(ModelStore, ADirectoryThatMayNotBeReadIsNotAnEmptyOne) {
  if (!test::can_be_another_user()) {
    GTEST_SKIP() << "only root can become another user: NOT CHECKED";
  }
  const test::TemporaryDirectory files;
  files.write("model/xgboost-model", golden("binary/model.json"));
  allow(files.path(), 0755);
  allow(files.path("model"), 0711);
  {
    const test::AsAnotherUser stranger;
    EXPECT_EQ(message(files.path("model")),
              "cannot look into " + files.path("model") + ": Permission denied");
  }
  allow(files.path("model"), 0700);
  const test::AsAnotherUser stranger;
  EXPECT_THAT(message(files.path("model")), HasSubstr("Permission denied"));
}

TEST(ModelStore, AMemberThatMayNotBeReadIsNotLeftOut) {
  if (!test::can_be_another_user()) {
    GTEST_SKIP() << "only root can become another user: NOT CHECKED";
  }
  const test::TemporaryDirectory files;
  files.write("xgboost-model-0", golden("softprob/model.json"));
  files.write("xgboost-model-1", golden("softprob/model.ubj"));
  allow(files.path(), 0755);
  allow(files.path("xgboost-model-0"), 0644);
  allow(files.path("xgboost-model-1"), 0600);
  const test::AsAnotherUser stranger;
  EXPECT_EQ(message(files.path()),
            "cannot open " + files.path("xgboost-model-1") + ": Permission denied");
}

TEST(ModelStore, ADamagedModelIsNamedWithItsFieldOrByte) {
  const test::TemporaryDirectory files;
  const std::string text = golden("binary/model.json");
  files.write("xgboost-model", text.substr(0, text.size() / 2));
  EXPECT_THAT(message(files.path()),
              testing::AllOf(HasSubstr("xgboost-model: "), HasSubstr("byte")));
}

TEST(ModelStore, APredictorHasScoredOnce) {
  const model::Model model = model::random_linear(model::Link::kLogistic, 3, 1, 7);
  const auto predictor = prepare_predictor(model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_EQ((*predictor)->schema().feature_count(), 3U);
}

TEST(ModelStore, AModelThatAnswersNoNumberIsRefused) {
  model::Model model = model::random_linear(model::Link::kIdentity, 2, 1, 7);
  auto& linear = std::get<model::LinearParameters>(model.parameters);
  linear.weights.assign(2, std::numeric_limits<float>::max());
  linear.fill.assign(2, std::numeric_limits<float>::max());
  const auto predictor = prepare_predictor(model, base::InstructionSet::kPortable);
  ASSERT_FALSE(predictor);
  EXPECT_THAT(predictor.error().message(), HasSubstr("no finite number"));
}

}  // namespace
}  // namespace ringmaker::serve
