// LightGBM models through the built server, and what explains an answer, in every format.
#include "tests/model/import/fixture.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <string>

namespace ringmaker {
namespace {

using model::Fixture;
using model::fs::path;
using test::post;
using testing::HasSubstr;

const path kShared = path(RINGMAKER_SOURCE_DIR) / "../shared/models";
const path kGolden = path(RINGMAKER_SOURCE_DIR) / "tests/golden";
const std::string kCsv = "Content-Type: text/csv\r\n";
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kOutputs = "X-Amzn-SageMaker-Custom-Attributes: outputs=";

std::string text_of(const path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The bytes of a body in chunks.
std::string joined(std::string_view chunks) {
  std::string whole;
  while (!chunks.empty()) {
    const size_t size = std::strtoul(std::string(chunks.substr(0, 8)).c_str(), nullptr, 16);
    const size_t begin = chunks.find("\r\n") + 2;
    whole += chunks.substr(begin, size);
    chunks.remove_prefix(std::min(chunks.size(), begin + size + 2));
    if (size == 0) {
      break;
    }
  }
  return whole;
}

/// A model file behind /invocations, or several that are alike.
class Served {
 public:
  explicit Served(const path& file, test::Program::Variables variables = {}, size_t copies = 1) {
    for (size_t i = 0; i < copies; ++i) {
      tree_.write("model/" + std::to_string(i) + file.filename().string(), text_of(file));
    }
    variables.emplace("SAGEMAKER_BASE_DIR", tree_.path());
    variables.emplace("SAGEMAKER_BIND_TO_PORT", std::to_string(port_));
    variables.emplace("RINGMAKER_SHARDS", "1");
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    EXPECT_TRUE(test::wait_until_healthy(port_, *server_)) << file << server_->errors();
  }
  [[nodiscard]] std::string answer(const std::string& head, const std::string& body) const {
    const auto answer = post(port_, "/invocations", head, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.head.find("chunked") == std::string::npos ? answer.body : joined(answer.body);
  }
  [[nodiscard]] std::string refusal(const std::string& head, const std::string& body) const {
    const auto answer = post(port_, "/invocations", head, body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    return answer.body;
  }

 private:
  test::TemporaryDirectory tree_;
  int port_ = test::free_port();
  std::unique_ptr<test::Program> server_;
};

/// The numbers of a text, whatever stands between them.
std::vector<double> numbers_in(std::string text) {
  std::vector<double> numbers;
  const char* at = text.c_str();
  while (*at != 0) {
    char* end = nullptr;
    const double number = std::strtod(at, &end);
    if (end == at) {
      ++at;
    } else {
      numbers.push_back(number);
      at = end;
    }
  }
  return numbers;
}

/// As SageMaker sends it: without the header.
std::string headless(const std::string& csv) { return csv.substr(csv.find('\n') + 1); }

/// Field by field within 1e-5, which float32 allows.
void expect_predictions(const std::vector<double>& found, const model::Table& expected,
                        size_t rows) {
  const size_t first = expected.first("pred");
  const size_t width = expected.names.size() - first;
  ASSERT_EQ(found.size(), rows * width);
  for (size_t i = 0; i < found.size(); ++i) {
    const double wanted = std::strtod(expected.rows[i / width][first + i % width].c_str(), nullptr);
    if (found[i] == wanted || std::isinf(wanted) || std::fabs(wanted) > 3e38) {
      continue;
    }
    ASSERT_LE(std::fabs(found[i] - wanted), 1e-5 * std::fabs(wanted) + 1e-6)
        << "row " << i / width << ": " << found[i] << " for " << wanted;
  }
}

/// Rows as JSON arrays; empty fields are null, and what JSON has no number for a text.
std::string json_rows(const model::Table& input) {
  std::string text = "{\"instances\":[";
  for (size_t i = 0; i < input.rows.size(); ++i) {
    text += i == 0 ? "[" : ",[";
    for (size_t j = 0; j < input.rows[i].size(); ++j) {
      const std::string& field = input.rows[i][j];
      const bool number =
          !field.empty() && field.find_first_not_of("0123456789.eE+-") == std::string::npos;
      text += j == 0 ? "" : ",";
      text += field.empty() ? "null" : number ? field : '"' + field + '"';
    }
    text += ']';
  }
  return text + "]}";
}

class LightgbmContract : public testing::Test {
 protected:
  static void expect_served(const Fixture& fixture) {
    SCOPED_TRACE(fixture.name());
    const path folder = fixture.file.parent_path();
    const Served served(fixture.file);
    const std::string input = text_of(folder / "input.csv");
    const model::Table expected = model::read_table(folder / "expected.csv");
    const std::string many = headless(input);
    const std::string one = many.substr(0, many.find('\n') + 1);
    expect_predictions(numbers_in(served.answer(kCsv, many)), expected, expected.rows.size());
    expect_predictions(numbers_in(served.answer(kCsv, one)), expected, 1);

    model::Table rows = model::read_table(folder / "input.csv");
    const std::string accept = kJson + "Accept: text/csv\r\n";
    expect_predictions(numbers_in(served.answer(accept, json_rows(rows))), expected,
                       expected.rows.size());
    rows.rows.resize(1);
    expect_predictions(numbers_in(served.answer(accept, json_rows(rows))), expected, 1);
  }
};

TEST_F(LightgbmContract, EveryGoldenModelIsServedOneRowAndManyInCsvAndJson) {
  for (const Fixture& fixture : model::fixtures(kGolden / "lightgbm", {""})) {
    expect_served(fixture);
  }
}

TEST_F(LightgbmContract, EveryFixtureIsServedOneRowAndManyInCsvAndJson) {
  if (!std::filesystem::exists(kShared)) {
    GTEST_SKIP() << "no ../shared/models: only the models of tests/golden/lightgbm are tried";
  }
  const auto fixtures = model::fixtures(kShared, {"lgb", "tp_lgb"});
  EXPECT_EQ(fixtures.size(), 38U);
  for (const Fixture& fixture : fixtures) {
    expect_served(fixture);
  }
}

/// Softprob: three margins of five numbers each.
class ExplanationsContract : public testing::Test {
 protected:
  const path folder_ = kGolden / "xgboost/softprob";
  const Served served_{folder_ / "model.json"};
  const std::string input_ = headless(text_of(folder_ / "input.csv"));
  const std::string one_ = input_.substr(0, input_.find('\n') + 1);

  void expect_contributions(const std::vector<double>& found, size_t rows) const {
    const model::Table expected = model::read_table(folder_ / "expected_contrib.csv");
    ASSERT_EQ(found.size(), rows * 15);
    for (size_t i = 0; i < found.size(); ++i) {
      const double wanted = std::strtod(expected.rows[i / 15][i % 15].c_str(), nullptr);
      ASSERT_NEAR(found[i], wanted, 1e-4 + 1e-3 * std::fabs(wanted)) << i;
    }
  }
};

TEST_F(ExplanationsContract, ContributionsComeInEveryFormat) {
  const size_t rows = model::read_table(folder_ / "input.csv").rows.size();
  const std::string head = kCsv + kOutputs + "contributions\r\n";
  const std::string csv = served_.answer(head, input_);
  EXPECT_EQ(static_cast<size_t>(std::ranges::count(csv, '\n')), rows);
  EXPECT_TRUE(csv.starts_with("\"[[")) << csv.substr(0, 40);
  expect_contributions(numbers_in(csv), rows);
  expect_contributions(numbers_in(served_.answer(head, one_)), 1);

  const std::string json = served_.answer(head + "Accept: application/json\r\n", input_);
  EXPECT_TRUE(json.starts_with(R"({"predictions":[{"contributions":[[)"));
  expect_contributions(numbers_in(json), rows);
  const std::string lines = served_.answer(head + "Accept: application/jsonlines\r\n", input_);
  EXPECT_EQ(static_cast<size_t>(std::ranges::count(lines, '\n')), rows);
  expect_contributions(numbers_in(lines), rows);

  const std::string npy = served_.answer(head + "Accept: application/x-npy\r\n", input_);
  EXPECT_THAT(npy, HasSubstr(fmt::format("'shape': ({}, 15)", rows)));
  std::vector<float> values(rows * 15);
  ASSERT_GT(npy.size(), values.size() * sizeof(float));
  std::memcpy(values.data(), npy.data() + npy.size() - values.size() * sizeof(float),
              values.size() * sizeof(float));
  expect_contributions({values.begin(), values.end()}, rows);
  EXPECT_THAT(served_.answer(head + "Accept: application/x-recordio-protobuf\r\n", one_),
              HasSubstr("contributions"));
}

TEST_F(ExplanationsContract, AJsonBodyAsksForThemAndForLeaves) {
  const model::Table expected = model::read_table(folder_ / "expected_leaf.csv");
  model::Table rows = model::read_table(folder_ / "input.csv");
  rows.rows.resize(1);
  std::string body = json_rows(rows);
  body.pop_back();
  const std::string answer =
      served_.answer(kJson, body + R"(,"outputs":["leaf","predicted_label","contributions"]})");
  EXPECT_TRUE(answer.starts_with(R"({"predictions":[{"leaf":[)" + expected.rows[0][0] + ","))
      << answer;
  EXPECT_THAT(answer, HasSubstr(R"("contributions":[[)"));
}

TEST(ClassIndexContract, RawScoresAreTheMarginsOfAllClasses) {
  const path folder = kGolden / "xgboost/softmax";
  const Served served(folder / "model.json", {{"SAGEMAKER_INFERENCE_OUTPUT", "raw_scores"}});
  const std::string input = headless(text_of(folder / "input.csv"));
  const size_t rows = model::read_table(folder / "input.csv").rows.size();
  const std::vector<double> margins = numbers_in(served.answer(kCsv, input));
  ASSERT_EQ(margins.size(), rows * 3);
  const std::vector<double> labels =
      numbers_in(served.answer(kCsv + kOutputs + "predicted_label\r\n", input));
  ASSERT_EQ(labels.size(), rows);
  const std::vector<double> parts =
      numbers_in(served.answer(kCsv + kOutputs + "contributions\r\n", input));
  const size_t each = parts.size() / margins.size();
  for (size_t i = 0; i < rows; ++i) {
    const auto row = margins.begin() + static_cast<ptrdiff_t>(i * 3);
    EXPECT_EQ(labels[i], std::max_element(row, row + 3) - row);
    for (size_t k = i * 3; k < i * 3 + 3; ++k) {
      const auto part = parts.begin() + static_cast<ptrdiff_t>(k * each);
      EXPECT_NEAR(margins[k], std::accumulate(part, part + static_cast<ptrdiff_t>(each), 0.0),
                  1e-5 * (1 + std::fabs(margins[k])));
    }
  }

  // As many as are streamed, and a body that asks for them itself.
  std::string many;
  while (many.size() < 3'000'000) {
    many += input;
  }
  const std::vector<double> streamed = numbers_in(served.answer(kCsv, many));
  ASSERT_EQ(streamed.size() % margins.size(), 0U);
  EXPECT_TRUE(std::equal(margins.rbegin(), margins.rend(), streamed.rbegin()));
  model::Table one = model::read_table(folder / "input.csv");
  one.rows.resize(1);
  std::string body = json_rows(one);
  body.pop_back();
  const std::vector<double> json =
      numbers_in(served.answer(kJson, body + R"(,"outputs":["raw_score","raw_scores"]})"));
  ASSERT_EQ(json.size(), 4U);
  EXPECT_EQ(json[0], *std::max_element(json.begin() + 1, json.end()));
}

TEST(AverageContract, RawScoresAreMeansOfMarginsThatContributionsAddUpTo) {
  const path folder = kGolden / "xgboost/binary";
  const std::string input = headless(text_of(folder / "input.csv"));
  const model::Table expected = model::read_table(folder / "expected.csv");
  const Served served(folder / "model.json", {}, 2);
  const std::vector<double> found =
      numbers_in(served.answer(kCsv + kOutputs + "raw_score,probability\r\n", input));
  const std::vector<double> parts =
      numbers_in(served.answer(kCsv + kOutputs + "contributions\r\n", input));
  ASSERT_EQ(found.size(), expected.rows.size() * 2);
  ASSERT_EQ(parts.size(), expected.rows.size() * 5);
  for (size_t i = 0; i < expected.rows.size(); ++i) {
    const auto row = parts.begin() + static_cast<ptrdiff_t>(i * 5);
    const double margin = std::strtod(expected.rows[i][expected.first("margin")].c_str(), nullptr);
    const double score = std::strtod(expected.rows[i][expected.first("pred")].c_str(), nullptr);
    EXPECT_NEAR(found[2 * i], margin, 1e-6 * (1 + std::fabs(margin)));
    EXPECT_NEAR(found[2 * i + 1], score, 1e-6);
    EXPECT_NEAR(found[2 * i], std::accumulate(row, row + 5, 0.0), 1e-5 * (1 + std::fabs(margin)));
  }
}

TEST(HingeContract, HasALabelAndAMarginButNoProbability) {
  std::string text = text_of(kGolden / "xgboost/binary/model.json");
  const std::string objective = "binary:logistic";
  text.replace(text.find(objective), objective.size(), "binary:hinge");
  const test::TemporaryDirectory files;
  files.write("model.json", text);
  const Served served(files.path("model.json"));
  const std::string input = headless(text_of(kGolden / "xgboost/binary/input.csv"));
  const std::vector<double> found =
      numbers_in(served.answer(kCsv + kOutputs + "predicted_label,raw_score\r\n", input));
  ASSERT_GT(found.size(), 2U);
  for (size_t i = 0; i < found.size(); i += 2) {
    EXPECT_EQ(found[i], found[i + 1] > 0 ? 1 : 0);
  }
  EXPECT_THAT(served.refusal(kCsv + kOutputs + "probability\r\n", input),
              HasSubstr("does not give the output probability; it gives predicted_label, labels, "
                        "raw_score, raw_scores"));
}

TEST(Explanations, AreConfiguredByTheVariable) {
  const path folder = kGolden / "xgboost/binary";
  const Served served(folder / "model.json", {{"SAGEMAKER_INFERENCE_OUTPUT", "contributions"}});
  const std::string input = headless(text_of(folder / "input.csv"));
  const model::Table expected = model::read_table(folder / "expected_contrib.csv");
  const std::vector<double> found = numbers_in(served.answer(kCsv, input));
  ASSERT_EQ(found.size(), expected.rows.size() * 5);
  EXPECT_NEAR(found[4], std::strtod(expected.rows[0][4].c_str(), nullptr), 1e-4);
}

TEST(Explanations, AModelThatHasNoneSaysWhy) {
  const path folder = kGolden / "lightgbm/linear";
  const Served served(folder / "model.txt");
  const std::string input = headless(text_of(folder / "input.csv"));
  EXPECT_THAT(served.refusal(kCsv + kOutputs + "contributions\r\n", input),
              HasSubstr("the leaves of this model are linear functions"));
}

}  // namespace
}  // namespace ringmaker
