#include "cli/predict_command.h"

#include "base/atomic_file.h"
#include "model/artifact.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ringmaker::cli {
namespace {

/// y = 1 + 2 a + 10 b, a missing b counting as 7.
class PredictCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "predict-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    model::Model model;
    model.schema.feature_names = {"a", "b"};
    model.parameters = model::LinearParameters{.weights = {2, 10}, .bias = {1}, .fill = {5, 7}};
    ASSERT_TRUE(base::write_file_atomically(directory_ + "/model.ringmaker",
                                            model::encode_artifact(model)));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  base::Result<std::string> predict(std::string_view csv, bool keep_input = false,
                                    std::string_view outputs = "") {
    EXPECT_TRUE(base::write_file_atomically(directory_ + "/in.csv", csv));
    RM_TRY(predict_file({.model = directory_,
                         .input = directory_ + "/in.csv",
                         .output = directory_ + "/out.csv",
                         .outputs = std::string(outputs),
                         .keep_input = keep_input}));
    std::ifstream file(directory_ + "/out.csv");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::string directory_;
};

TEST_F(PredictCommand, OneLineARow) { EXPECT_EQ(predict("1,2\n3,\n"), "23\n77\n"); }

TEST_F(PredictCommand, ABlankLineIsARowOfAModelOfOneFeature) {
  model::Model model;
  model.schema.feature_names = {"a"};
  model.parameters = model::LinearParameters{.weights = {2}, .bias = {1}, .fill = {5}};
  ASSERT_TRUE(
      base::write_file_atomically(directory_ + "/model.ringmaker", model::encode_artifact(model)));
  EXPECT_EQ(predict("a\n1\n\n3\n"), "3\n11\n7\n");
  EXPECT_EQ(predict("\n3\n", true), ",11\n3,7\n");
}

TEST_F(PredictCommand, HeaderDecidesTheOrderOfColumns) { EXPECT_EQ(predict("b,a\n2,1\n"), "23\n"); }

TEST_F(PredictCommand, KeptInputStandsBeforeItsAnswer) {
  EXPECT_EQ(predict("b,a\r\n2,1\r\n\r\n\"3\",1", true), "b,a,score\n2,1,23\n\"3\",1,33\n");
}

TEST_F(PredictCommand, AnAnswerBehindItsRowHasTheRowsSeparator) {
  EXPECT_EQ(predict("b;a\n2;1\n\"3\";1\n", true), "b;a;score\n2;1;23\n\"3\";1;33\n");
  EXPECT_EQ(predict("1\t2\n", true), "1\t2\t23\n");
}

TEST_F(PredictCommand, AListOfOutputsStandsUnderAHeader) {
  EXPECT_EQ(predict("1,2\n3,\n", false, "score,raw_score"), "score,raw_score\n23,23\n77,77\n");
  EXPECT_EQ(predict("b,a\n2,1\n", true, "score,contributions"),
            "b,a,score,contributions_a,contributions_b,contributions_bias\n2,1,23,-8,-50,81\n");
}

TEST_F(PredictCommand, AHeaderOfKeptRowsThatHaveNoneNamesTheFeatures) {
  EXPECT_EQ(predict("1;2\n3;\n", true, "raw_score"), "a;b;raw_score\n1;2;23\n3;;77\n");
}

TEST_F(PredictCommand, ManyRowsPassThroughManyBlocks) {
  std::string csv;
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    csv += std::to_string(i % 100) + ",0\n";
    expected += std::to_string(1 + 2 * (i % 100)) + "\n";
  }
  EXPECT_EQ(predict(csv), expected);
  EXPECT_EQ(predict(csv, true).value().size(), csv.size() + expected.size());
}

TEST_F(PredictCommand, ABadRowIsNamedAndNoOutputAppears) {
  const auto answer = predict("1,2\n1,2,3\n");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), base::ErrorCode::kInvalidInput);
  EXPECT_NE(answer.error().message().find("row 2 has 3 values"), std::string::npos)
      << answer.error().message();
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/out.csv"));
}

TEST_F(PredictCommand, AHeaderWaitsForARowThatItStandsAbove) {
  ASSERT_TRUE(base::write_file_atomically(directory_ + "/in.csv", std::string_view("1,2,3\n")));
  testing::internal::CaptureStdout();
  EXPECT_FALSE(
      predict_file({.model = directory_, .input = directory_ + "/in.csv", .outputs = "score"}));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST_F(PredictCommand, OfAnswersThatEndInAnErrorNothingIsLeft) {
  std::string csv;
  for (int i = 0; i < 600'000; ++i) {
    csv += "1,2\n";
  }
  EXPECT_FALSE(predict(csv + "three,4\n"));
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/out.csv"));
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/.out.csv.tmp"));
}

TEST_F(PredictCommand, APipeForTheAnswersIsWrittenIntoAndStays) {
  const std::string pipe = directory_ + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  ASSERT_TRUE(base::write_file_atomically(directory_ + "/in.csv", std::string_view("1,2\n")));
  const auto done = predict_file(
      {.model = directory_, .input = directory_ + "/in.csv", .output = pipe, .outputs = {}});
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  std::string received(64, '\0');
  const ssize_t got = ::read(reader, received.data(), received.size());
  ::close(reader);
  EXPECT_EQ(received.substr(0, static_cast<size_t>(std::max<ssize_t>(got, 0))), "23\n");
}

TEST_F(PredictCommand, TheInputIsNotReplacedByItsAnswers) {
  const std::string file = directory_ + "/in.csv";
  ASSERT_TRUE(base::write_file_atomically(file, std::string_view("1,2\n")));
  std::filesystem::create_symlink(file, directory_ + "/link.csv");
  for (const std::string& output : {file, directory_ + "/link.csv"}) {
    const auto refused =
        predict_file({.model = directory_, .input = file, .output = output, .outputs = {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), base::ErrorCode::kInvalidInput);
    EXPECT_NE(refused.error().message().find("is the input"), std::string::npos);
  }
}

TEST_F(PredictCommand, TheModelIsNotReplacedByItsAnswers) {
  const std::string model = directory_ + "/model.ringmaker";
  const std::string input = directory_ + "/in.csv";
  ASSERT_TRUE(base::write_file_atomically(input, std::string_view("1,2\n")));
  std::filesystem::create_symlink(model, directory_ + "/link.csv");
  for (const std::string& named : {directory_, model}) {
    for (const std::string& output : {model, directory_ + "/link.csv"}) {
      const auto refused =
          predict_file({.model = named, .input = input, .output = output, .outputs = {}});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code(), base::ErrorCode::kInvalidInput);
      EXPECT_NE(refused.error().message().find("is a file of the model"), std::string::npos)
          << refused.error().message();
    }
  }
  EXPECT_EQ(predict("1,2\n"), "23\n") << "the model is what it was";
}

TEST_F(PredictCommand, AnswersDoNotTakeThePlaceWhereAModelIsLookedFor) {
  std::filesystem::rename(directory_ + "/model.ringmaker", directory_ + "/model.bin");
  ASSERT_TRUE(base::write_file_atomically(directory_ + "/in.csv", std::string_view("1,2\n")));
  const std::string model = directory_ + "/model.bin";
  const auto refused = predict_file({.model = model,
                                     .input = directory_ + "/in.csv",
                                     .output = directory_ + "/model.ringmaker",
                                     .outputs = {}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("where the model is looked for"), std::string::npos);
}

TEST_F(PredictCommand, ADirectoryForTheAnswersIsNotMade) {
  EXPECT_EQ(predict_command().run(
                {.flags = {{"model", directory_}, {"output", directory_ + "/none/out.csv"}}}),
            2);
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/none"));
}

TEST_F(PredictCommand, MissingFilesAreNamed) {
  const auto no_model = predict_file({.model = directory_ + "/none"});
  ASSERT_FALSE(no_model);
  EXPECT_NE(no_model.error().message().find("/none"), std::string::npos);
  const auto no_input = predict_file({.model = directory_, .input = directory_ + "/none.csv"});
  ASSERT_FALSE(no_input);
  EXPECT_EQ(no_input.error().code(), base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace ringmaker::cli
