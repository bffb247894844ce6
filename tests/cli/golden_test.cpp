// The built binary as people use it: transcripts of a shell, in tests/golden.
//
// A transcript holds commands behind "$ ", each followed by what it wrote: standard output as it
// is, standard error behind "2> ", and the exit code if it is not 0. With REGENERATE_GOLDEN=1 set,
// what is written now replaces what was written then; to add a case, add its "$ " line first.
#include "base/atomic_file.h"
#include "base/version.h"
#include "model/artifact.h"
#include "tests/support/program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace ringmaker {
namespace {

namespace fs = std::filesystem;

model::Model binary_model() {
  model::Model model;
  model.schema.feature_names = {"age", "income"};
  model.output = {.task = data::Task::kBinary, .class_names = {"no", "yes"}};
  model.provenance = {.trained_by = "ringmaker",
                      .trained_at = "2026-01-05T10:11:12Z",
                      .rows_trained = 120,
                      .hyperparameters = {{"wd", "0.1"}},
                      .metrics = {{"train:logloss", 0.25}, {"validation:logloss", 0.5}},
                      .example_row = {40, 1},
                      .importance = {0.25, 0.75}};
  model.parameters = model::LinearParameters{
      .link = model::Link::kLogistic, .weights = {0.5F, -1}, .bias = {-1}, .fill = {2, 0.5F}};
  return model;
}

model::Model regression_model() {
  model::Model model;
  model.schema.feature_names = {"a", "b"};
  model.parameters = model::LinearParameters{.weights = {2, 10}, .bias = {1}, .fill = {5, 7}};
  return model;
}

/// A directory with two models, some rows, and the binary under its three names.
class Workshop {
 public:
  Workshop() {
    write_model("model", binary_model());
    write_model("prices", regression_model());
    files_.write("rows.csv", "age,income\n4,0.5\n1,\n,3\n");
    files_.write("bad.csv", "4,0.5\n1,three\n");
    files_.write("wide.csv", "1,2,3\n");
    files_.write("good.toml", "# of the house\nport = 9001\nlog-level = \"debug\"\n");
    files_.write("both.toml",
                 "log_level = \"warn\"\n\n[serve]\nport = 9004\nlog_level = \"debug\"\n\n"
                 "[train]\nepochs = 3\n");
    files_.write("foreign.toml", "port = 9001\n[srve]\nport = 1\n");
    files_.write("misspelt.toml", "port = 9001\nlog-levle = \"debug\"\n");
    files_.write("range.toml", "\nport = 90001\n");
    files_.write("broken.toml", "port = 9001\nio =\n");
    files_.write("ml/input/config/hyperparameters.json",
                 R"({"predictor_type": "regressor", "epochs": "\"7\"", "label": "a"})");
    for (const char* name : {"ringmaker", "train", "serve"}) {
      fs::create_directories(files_.path("bin"));
      fs::create_symlink(RINGMAKER_BINARY, files_.path("bin/" + std::string(name)));
    }
  }

  /// What `command` writes, as a transcript tells it.
  std::string transcribe(const std::string& command) const {
    files_.write("command.sh", command + "\n");
    const std::string line = "cd " + files_.path() + " && env -i PATH=" + files_.path("bin") +
                             ":/usr/bin:/bin RINGMAKER_ISA=portable RINGMAKER_IO=epoll "
                             "bash command.sh >out 2>err </dev/null";
    const int status = std::system(line.c_str());
    std::string text = files_.read("out");
    text += text.empty() || text.back() == '\n' ? "" : "\n";
    std::istringstream errors(files_.read("err"));
    for (std::string error; std::getline(errors, error);) {
      text += "2> " + error + "\n";
    }
    if (const int code = WEXITSTATUS(status); code != 0) {
      text += "exit " + std::to_string(code) + "\n";
    }
    return normalised(text);
  }

 private:
  void write_model(const std::string& name, const model::Model& model) const {
    ASSERT_TRUE(base::write_file_atomically(files_.path(name + "/model.ringmaker"),
                                            model::encode_artifact(model)));
  }
  /// Without what differs from day to day and from version to version.
  static std::string normalised(std::string text) {
    const std::string version = base::kVersion;
    for (size_t at = 0; (at = text.find(version, at)) != std::string::npos;) {
      text.replace(at, version.size(), "VERSION");
    }
    const std::string time = "\"ts\":\"";
    for (size_t at = 0; (at = text.find(time, at)) != std::string::npos;) {
      at += time.size();
      text.replace(at, text.find('"', at) - at, "TIME");
    }
    return text;
  }

  test::TemporaryDirectory files_;
};

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, EachCommandWritesWhatItWrote) {
  const fs::path path = fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden" / (GetParam() + ".txt");
  std::ifstream file(path);
  const std::string expected(std::istreambuf_iterator<char>(file), {});
  ASSERT_NE(expected, "") << path;
  const Workshop workshop;
  std::string written;
  std::istringstream lines(expected);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("$ ")) {
      written += (written.empty() ? "" : "\n") + line + "\n" + workshop.transcribe(line.substr(2));
    }
  }
  if (std::getenv("REGENERATE_GOLDEN") != nullptr) {
    std::ofstream(path) << written;
    GTEST_SKIP() << path << " is written anew: read what has changed";
  }
  EXPECT_EQ(written, expected);
}

std::vector<std::string> transcripts() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden")) {
    if (entry.path().extension() == ".txt") {
      names.push_back(entry.path().stem().string());
    }
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Transcripts, Golden, testing::ValuesIn(transcripts()),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace ringmaker
