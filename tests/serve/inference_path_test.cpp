#include "serve/inference_path.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using Kind = InferencePath::Kind;

TEST(InferencePath, PathsOfBothProtocols) {
  EXPECT_EQ(parse_inference_path("/v2").kind, Kind::kServer);
  EXPECT_EQ(parse_inference_path("/v2/health/live").kind, Kind::kLive);
  EXPECT_EQ(parse_inference_path("/v2/health/ready").kind, Kind::kReady);
  EXPECT_EQ(parse_inference_path("/v2/models/heart").kind, Kind::kModel);
  EXPECT_EQ(parse_inference_path("/v2/models/heart/ready").kind, Kind::kModelReady);
  EXPECT_EQ(parse_inference_path("/v2/models/heart/infer").kind, Kind::kInfer);
  EXPECT_EQ(parse_inference_path("/v1/models").kind, Kind::kV1Models);
  EXPECT_EQ(parse_inference_path("/v1/models/heart").kind, Kind::kV1Model);
  EXPECT_EQ(parse_inference_path("/v1/models/heart:predict").kind, Kind::kV1Predict);
}

TEST(InferencePath, NameAndVersionStandInIt) {
  const InferencePath path = parse_inference_path("/v2/models/a%2Fb/versions/1/infer");
  EXPECT_EQ(path.kind, Kind::kInfer);
  EXPECT_EQ(path.name, "a%2Fb");
  EXPECT_EQ(path.version, "1");
  EXPECT_EQ(parse_inference_path("/v2/models/a/versions/7").kind, Kind::kModel);
  EXPECT_EQ(parse_inference_path("/v1/models/a:b:predict").name, "a:b");
}

TEST(InferencePath, OthersAreNone) {
  for (const char* const path : {"/v2/health", "/v2/models", "/v2/models/", "/v2/models//infer",
                                 "/v2/models/a/b", "/v2/models/a/infer/", "/v2/models/a/infer/x",
                                 "/v2/models/a/versions", "/v2/models/a/versions/", "/v1/models/",
                                 "/v1/models/:predict", "/v1/models/a/b", "/v1/x", "/v2x"}) {
    EXPECT_EQ(parse_inference_path(path).kind, Kind::kNone) << path;
  }
  EXPECT_TRUE(is_inference_path("/v2"));
  EXPECT_TRUE(is_inference_path("/v1/x"));
  EXPECT_FALSE(is_inference_path("/v2x"));
}

}  // namespace
}  // namespace ringmaker::serve
