// Which files of a directory are served, and which are taken for damage.
#include "serve/model_files.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace ringmaker::serve {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string golden(const std::string& name) {
  std::ifstream file(std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/xgboost/softprob/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ModelFilesTest : public testing::Test {
 protected:
  void SetUp() override { files_.write("xgboost-model-0", golden("model.json")); }
  [[nodiscard]] std::string error() const {
    const auto found = find_model_files(files_.path());
    return found ? std::string() : found.error().message();
  }
  test::TemporaryDirectory files_;
};

TEST_F(ModelFilesTest, TextsBesideModelsArePassedOver) {
  for (const std::string name : {"README.md", "__init__.py", "inference.py", "notes.txt"}) {
    files_.write(name, "text");
  }
  files_.write("empty.txt", "");
  files_.write("code/inference.py", "import os");
  files_.write("metadata.json", R"({"description":"a learner","learner":"xgboost"})");
  files_.write("settings", R"({"a":1})");
  files_.write("tree.txt", "tree\nof life\n");
  files_.write("vectors.bin", "\x01\x02\x03");
  files_.write(".hidden", "");
  files_.write("_SUCCESS", "");
  files_.write("xgboost-model-1", golden("model.ubj"));
  const auto found = find_model_files(files_.path());
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(found->served,
              ElementsAre(files_.path("xgboost-model-0"), files_.path("xgboost-model-1")));
  EXPECT_THAT(found->passed_over,
              ElementsAre("README.md", "__init__.py", "empty.txt", "inference.py", "metadata.json",
                          "notes.txt", "settings", "tree.txt", "vectors.bin"));
}

TEST_F(ModelFilesTest, CopiesBesideAModelDoNotAnswerTwice) {
  for (const std::string name : {"xgboost-model-0.bak", "xgboost-model-0.orig", "xgboost-model~"}) {
    files_.write(name, golden("model.json"));
  }
  const auto found = find_model_files(files_.path());
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(found->served, ElementsAre(files_.path("xgboost-model-0")));
  EXPECT_THAT(found->passed_over,
              ElementsAre("xgboost-model-0.bak", "xgboost-model-0.orig", "xgboost-model~"));
}

TEST(ModelFiles, ACopyAloneIsAModel) {
  test::TemporaryDirectory files;
  files.write("xgboost-model.bak", golden("model.json"));
  const auto found = find_model_files(files.path());
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(found->served, ElementsAre(files.path("xgboost-model.bak")));
}

TEST_F(ModelFilesTest, AnEmptyMemberIsNotLeftOut) {
  files_.write("xgboost-model-1", "");
  EXPECT_EQ(error(), files_.path("xgboost-model-1") +
                         " is empty, and lies beside the model xgboost-model-0");
}

TEST_F(ModelFilesTest, AMemberWhoseFirstByteChangedIsNotLeftOut) {
  for (const std::string name : {"model.json", "model.ubj", "model.deprecated"}) {
    std::string bytes = golden(name);
    bytes[0] = '\xB7';
    files_.write("xgboost-model-1", bytes);
    EXPECT_THAT(error(),
                AllOf(HasSubstr("xgboost-model-1 is called like the model xgboost-model-0"),
                      HasSubstr("damaged")))
        << name;
  }
}

TEST_F(ModelFilesTest, AnArchiveAmongModelsIsNotLeftOut) {
  files_.write("more.bin", "\x1f\x8b\x08");
  EXPECT_THAT(error(), AllOf(HasSubstr("more.bin: "), HasSubstr("gzip archive")));
}

TEST(ModelFiles, MembersAreCalledAlikeButForDigits) {
  const auto refuses = [](const std::string& model, const std::string& other) {
    const test::TemporaryDirectory files;
    files.write(model, golden("model.json"));
    files.write(other, "?");
    return !find_model_files(files.path());
  };
  EXPECT_TRUE(refuses("xgboost-model", "xgboost-model-1"));
  EXPECT_TRUE(refuses("model.0", "model.1"));
  EXPECT_TRUE(refuses("model_10.json", "model_2.json"));
  EXPECT_TRUE(refuses("model.fold0", "model.fold1"));
  EXPECT_TRUE(refuses("model-0.ubj", "model-1.UBJ"));
  EXPECT_FALSE(refuses("model.ubj", "model.json")) << "a text beside it";
  EXPECT_FALSE(refuses("model.ubj", "model.py"));
  EXPECT_FALSE(refuses("model.json", "model_metadata.json"));
  EXPECT_FALSE(refuses("xgboost-model", "weights"));
  for (const std::string beside : {".sha256", ".md5", ".sig", ".features", "-metadata"}) {
    EXPECT_FALSE(refuses("xgboost-model", "xgboost-model" + beside)) << beside;
    EXPECT_FALSE(refuses("model.json", "model.json" + beside)) << beside;
  }
}

TEST_F(ModelFilesTest, AConfigurationIsNoModel) {
  files_.write("config.json", R"({"learner":{"gradient_booster":{"name":"gbtree"},
      "learner_model_param":{"base_score":"5E-1"},"learner_train_param":{"booster":"gbtree"}}})");
  const auto found = find_model_files(files_.path());
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(found->served, ElementsAre(files_.path("xgboost-model-0")));
  EXPECT_THAT(found->passed_over, ElementsAre("config.json"));
}

TEST(ModelFiles, AFileOfItsOwnIsServedWhateverItIs) {
  const test::TemporaryDirectory files;
  files.write("f", "");
  EXPECT_THAT(model_files(files.path("f")).value(), ElementsAre(files.path("f")));
  EXPECT_FALSE(model_files(files.path("absent")));
}

TEST(ModelFiles, WithoutAModelItIsSaidWhatIsThere) {
  const test::TemporaryDirectory files;
  files.write("model.joblib", "\x78\x5e");
  const auto found = find_model_files(files.path());
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(), AllOf(HasSubstr("it holds model.joblib"),
                                             HasSubstr("joblib writes a Python pickle")));
}

TEST(ModelFiles, WhyTheOnlyCandidateIsNoModelIsSaid) {
  const auto said = [](const std::string& name, const std::string& text) {
    const test::TemporaryDirectory files;
    files.write("README.md", "A model.");
    files.write(name, text);
    return find_model_files(files.path()).error().message();
  };
  EXPECT_THAT(said("model.onnx", "abc"),
              testing::EndsWith("it holds README.md, model.onnx; model.onnx does not begin as any "
                                "model does that is read here: it is damaged, or of another "
                                "format"));
  EXPECT_THAT(said("model.onnx", ""), testing::EndsWith("; model.onnx is empty"));
  EXPECT_THAT(said("notes.txt", "abc"), testing::EndsWith("it holds README.md, notes.txt"));
  const test::TemporaryDirectory files;
  files.write(".keep", "");
  ASSERT_EQ(::mkfifo(files.path("model.onnx").c_str(), 0600), 0);
  EXPECT_THAT(find_model_files(files.path()).error().message(),
              testing::EndsWith("; model.onnx is not a regular file"));
}

TEST(ModelFiles, ThePlaceOfAModelIsItsFileOrTheDirectoryOfSeveral) {
  const test::TemporaryDirectory files;
  files.write("a", golden("model.json"));
  EXPECT_EQ(place_of_model(files.path()), files.path("a"));
  files.write("b", golden("model.json"));
  EXPECT_EQ(place_of_model(files.path()), files.path());
}

TEST(ModelFiles, LongListsAreCut) {
  EXPECT_EQ(listed({"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(listed({"a", "b", "c"}, 2), "a, b and 1 more");
  EXPECT_EQ(listed({}, 2), "");
}

}  // namespace
}  // namespace ringmaker::serve
