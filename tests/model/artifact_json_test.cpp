#include "model/artifact_json.h"

#include "tests/model/model_test_support.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

using base::ErrorCode;

std::string json_with(std::string_view from, std::string_view to) {
  const std::vector<float> weights{1, 2, 3};
  const Tensor tensor{.name = "weights",
                      .type = TensorType::kF32,
                      .shape = {1, 3},
                      .offset = 0,
                      .data = std::as_bytes(std::span(weights))};
  std::string json = describe_artifact(random_linear(Link::kIdentity, 3, 1, 1), {&tensor, 1});
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << json;
  return json.replace(at, from.size(), to);
}

TEST(ArtifactJson, WhatCannotBeIsRefused) {
  struct Case {
    std::string_view from;
    std::string_view to;
    ErrorCode code;
  };
  const Case cases[] = {
      {"\"offset\": 0", "\"offset\": 64", ErrorCode::kCorrupt},
      {"\"offset\": 0", "\"offset\": 4", ErrorCode::kCorrupt},
      {"[1, 3]", "[4294967296, 4294967296]", ErrorCode::kCorrupt},
      {"[1, 3]", "[1, 17]", ErrorCode::kCorrupt},
      {"\"f32\"", "\"f16\"", ErrorCode::kUnsupported},
      {"\"linear\"", "\"forest\"", ErrorCode::kUnsupported},
      {"\"identity\"", "\"probit\"", ErrorCode::kUnsupported},
      {"\"threshold\": 0.5", "\"threshold\": \"x\"", ErrorCode::kCorrupt},
      {"\"features\"", "\"columns\"", ErrorCode::kCorrupt},
      {"{", "", ErrorCode::kCorrupt},
  };
  const std::vector<std::byte> tensors(64);
  for (const Case& one : cases) {
    const auto read = read_description(json_with(one.from, one.to), tensors);
    ASSERT_FALSE(read) << one.to;
    EXPECT_EQ(read.error().code(), one.code) << one.to << ": " << read.error().message();
  }
}

TEST(ArtifactJson, TensorsAreViewsOfTheFile) {
  const std::vector<std::byte> tensors(64);
  const auto read = read_description(json_with("[1, 3]", "[1, 3]"), tensors);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->tensors.size(), 1U);
  EXPECT_EQ(read->tensors[0].data.data(), tensors.data());
  EXPECT_EQ(read->tensors[0].data.size(), 12U);
}

TEST(ArtifactJson, WhetherAnswersHaveLabelsIsKeptAndWhereNothingIsSaidTheyHave) {
  Model model = random_linear(Link::kLogistic, 3, 1, 1);
  const auto kept = [&] {
    return read_description(describe_artifact(model, {}), {})->model.output.labels_with_scores;
  };
  EXPECT_TRUE(kept());
  EXPECT_EQ(describe_artifact(model, {}).find("labels_with_scores"), std::string::npos)
      << "files of other models stay as they were";
  model.output.labels_with_scores = false;
  EXPECT_FALSE(kept());
}

}  // namespace
}  // namespace ringmaker::model
