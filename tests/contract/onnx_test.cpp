// ONNX models through the built binary: import, inspect, predict and serve.
#include "tests/model/import/onnx/onnx_fixture.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace ringmaker {
namespace {

using model::Fixture;
using model::fs::path;
using test::post;
using testing::HasSubstr;

const path kShared = path(RINGMAKER_SOURCE_DIR) / "../shared/models";

/// Texts and integers in, a label and its probabilities out.
std::string pipeline() {
  return test::OnnxWriter()
      .input("colour", test::kOnnxString, {-1, 1})
      .input("count", test::kOnnxInt64, {-1, 1})
      .node("ai.onnx.ml:OneHotEncoder", {"colour"}, {"hot"},
            {{"cats_strings", std::vector<std::string>{"red", "", "dark blue"}}})
      .constant("flat", {.dims = {2}, .values = std::vector<int64_t>{-1, 3}})
      .node("Reshape", {"hot", "flat"}, {"columns"})
      .node("Cast", {"count"}, {"real"}, {{"to", int64_t{1}}})
      .node("Concat", {"columns", "real"}, {"all"}, {{"axis", int64_t{1}}})
      .node("ai.onnx.ml:LinearClassifier", {"all"}, {"label", "raw"},
            {{"coefficients", std::vector<float>{1, 0, 0, -1, -1, 0, 0, 1}},
             {"intercepts", std::vector<float>{0, 0}},
             {"classlabels_strings", std::vector<std::string>{"no", "yes"}},
             {"post_transform", std::string("SOFTMAX")}})
      .output("label", test::kOnnxString)
      .output("raw")
      .file();
}

class OnnxContract : public testing::Test {
 protected:
  void SetUp() override { tree_.write("model/model.onnx", pipeline()); }

  std::string run(const std::vector<std::string>& arguments, int code = 0) {
    test::Program program(arguments, {});
    EXPECT_EQ(program.wait(), code) << program.errors();
    return code == 0 ? program.output() : program.errors();
  }

  test::TemporaryDirectory tree_;
};

TEST_F(OnnxContract, PredictTakesTextsAndAnswersWithEveryOutput) {
  tree_.write("in.csv", "colour,count\nred,0\ndark blue,2\n\"\",0\n7,1\n");
  const std::string model = tree_.path("model/model.onnx");
  EXPECT_EQ(run({"predict", "--model", model, tree_.path("in.csv"), "--outputs", "native"}),
            "label,raw_0,raw_1\nno,0.880797029,0.119202919\nyes,0.0179862101,0.982013762\n"
            "no,0.5,0.5\nyes,0.119202919,0.880797029\n");
  EXPECT_EQ(run({"predict", "--model", model, tree_.path("in.csv"), "--outputs",
                 "predicted_label,native,probability"}),
            "predicted_label,label,raw_0,raw_1,probability\n"
            "no,no,0.880797029,0.119202919,0.119202919\n"
            "yes,yes,0.0179862101,0.982013762,0.982013762\nno,no,0.5,0.5,0.5\n"
            "yes,yes,0.119202919,0.880797029,0.880797029\n");
}

TEST_F(OnnxContract, AGraphThatAnswersProbabilitiesGivesNoRawScores) {
  const int port = test::free_port();
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree_.path()},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
  ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
  tree_.write("in.csv", "colour,count\nred,0\n");
  for (const std::string output : {"raw_score", "raw_scores"}) {
    const auto reply =
        post(port, "/invocations", "Content-Type: application/json\r\n",
             R"({"instances":[["red",0]],"outputs":["probability",")" + output + R"("]})");
    EXPECT_EQ(reply.status, 400) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr("this model does not give the output " + output));
    const std::string errors = run({"predict", "--model", tree_.path("model/model.onnx"),
                                    tree_.path("in.csv"), "--outputs", output},
                                   2);
    EXPECT_THAT(errors, HasSubstr(output == "raw_score" ? "a model of kind graph has no raw scores"
                                                        : "has no \"raw_scores\""));
  }
}

TEST_F(OnnxContract, ImportKeepsTheGraphAndInspectTellsWhatItIs) {
  const std::string imported =
      run({"import", tree_.path("model/model.onnx"), "-o", tree_.path("model")});
  EXPECT_THAT(imported, HasSubstr("model.ringmaker: graph of 2 inputs"));
  for (const char* file : {"model/model.ringmaker", "model/model.onnx"}) {
    const std::string text = run({"inspect", tree_.path(file)});
    EXPECT_THAT(text, HasSubstr("format      ONNX, IR version 8, ai.onnx 13, ai.onnx.ml 3"));
    EXPECT_THAT(text, HasSubstr("takes       colour: string [N, 1]"));
    EXPECT_THAT(text, HasSubstr("classes     2: no, yes"));
    EXPECT_THAT(text, HasSubstr("operators   Cast, Concat, Reshape, ai.onnx.ml:LinearClassifier, "
                                "ai.onnx.ml:OneHotEncoder"));
  }
  EXPECT_THAT(run({"inspect", tree_.path("model"), "--json"}),
              HasSubstr("\"ai.onnx.ml:OneHotEncoder\": 1"));
}

TEST_F(OnnxContract, ServeAnswersTextsInCsvAndJson) {
  const int port = test::free_port();
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree_.path()},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
  ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
  EXPECT_EQ(post(port, "/invocations", "Content-Type: text/csv\r\n", "dark blue,2\nred,0\n").body,
            "0.98201376\n0.11920292\n");
  const auto json = post(port, "/invocations", "Content-Type: application/json\r\n",
                         R"({"instances":[["red",0],{"colour":"","count":3}],)"
                         R"("outputs":["predicted_label"]})");
  EXPECT_EQ(json.body, R"({"predictions":[{"predicted_label":"no"},{"predicted_label":"yes"}]})");
  // An integer cannot be missing: such a row has no answer.
  EXPECT_EQ(post(port, "/invocations", "Content-Type: text/csv\r\n", "red,\nred,0\n").body,
            "nan\n0.11920292\n");
}

TEST_F(OnnxContract, WhatCannotBeReadEndsTheStartWithFileAndNode) {
  tree_.write("bad/model.onnx", test::OnnxWriter()
                                    .input("x", test::kOnnxFloat, {-1, 2})
                                    .node("Einsum", {"x"}, {"y"})
                                    .output("y")
                                    .file());
  const std::string error = run({"inspect", tree_.path("bad")}, 2);
  EXPECT_THAT(error, HasSubstr("bad/model.onnx"));
  EXPECT_THAT(error, HasSubstr("node of \"y\" (Einsum): the operator is not known to this build"));
}

class OnnxFixtureContract : public OnnxContract {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kShared)) {
      GTEST_SKIP() << "no ../shared/models: only graphs that the tests write are tried";
    }
    fixtures_ = model::fixtures(kShared, {"onnx"});
    ASSERT_EQ(fixtures_.size(), 74U);
  }
  static std::string text_of(const path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }

  std::vector<Fixture> fixtures_;
};

TEST_F(OnnxFixtureContract, PredictAnswersWhatTheReferenceAnswered) {
  for (const Fixture& fixture : fixtures_) {
    const path folder = fixture.file.parent_path();
    const std::string out = tree_.path("out.csv");
    run({"predict", "--model", fixture.file, folder / "input.csv", "--outputs", "native", "-o",
         out});
    const model::Table found = model::read_table(out);
    const model::Table expected = model::read_table(folder / "expected.csv");
    EXPECT_EQ(found.names, expected.names) << fixture;
    ASSERT_EQ(found.rows.size(), expected.rows.size()) << fixture;
    // The loosest of the tolerances; tests of the model hold each fixture to its own.
    for (size_t i = 0; i < found.rows.size(); ++i) {
      for (size_t k = 0; k < found.names.size(); ++k) {
        ASSERT_TRUE(model::is_near(found.rows[i][k], expected.rows[i][k], 1e-3, 1e-4))
            << fixture << ", row " << i << ", " << found.names[k] << ": " << found.rows[i][k]
            << " for " << expected.rows[i][k];
      }
    }
  }
}

TEST_F(OnnxFixtureContract, ServeAnswersWhatPredictAnswers) {
  const int port = test::free_port();
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree_.path()},
                                   {"SAGEMAKER_MULTI_MODEL", "true"},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
  ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
  for (const Fixture& fixture : fixtures_) {
    const path folder = fixture.file.parent_path();
    const std::string name = folder.filename();
    tree_.write("models/" + name + "/model/model.onnx", text_of(fixture.file));
    const auto loaded =
        post(port, "/models", "",
             fmt::format(R"({{"model_name":"{0}","url":"/opt/ml/models/{0}/model"}})", name));
    ASSERT_EQ(loaded.status, 200) << name << loaded.body;
    const auto answer = post(port, "/models/" + name + "/invoke", "Content-Type: text/csv\r\n",
                             text_of(folder / "input.csv"));
    EXPECT_EQ(answer.status, 200) << name << answer.body;
    EXPECT_EQ(answer.body, run({"predict", "--model", fixture.file, folder / "input.csv"})) << name;
  }
}

}  // namespace
}  // namespace ringmaker
