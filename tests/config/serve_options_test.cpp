#include "config/serve_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::config {
namespace {

base::Result<ServeOptions> options_of(const Texts& environment, const Texts& flags = {}) {
  RM_ASSIGN(
      const OptionValues values,
      resolve_options(serve_option_table(), {.flags = flags, .environment = environment}, {}));
  return make_serve_options(values);
}

std::string error_of(const Texts& environment) {
  const auto options = options_of(environment);
  return options ? "no error" : options.error().message();
}

TEST(ServeOptions, DefaultsAreValid) {
  const auto options = options_of({});
  ASSERT_TRUE(options) << options.error().message();
  EXPECT_EQ(options->port, 8080);
  EXPECT_EQ(options->model_dir, "/opt/ml/model");
  EXPECT_EQ(options->log.level, 20U);
  EXPECT_TRUE(options->access_log.errors);
  EXPECT_EQ(options->access_log.one_in, 0U);
  EXPECT_EQ(options->differences, "");
}

TEST(ServeOptions, TheNamesOfOtherStacksAreHonoured) {
  const auto with = [](const std::string& name, const std::string& value) {
    auto options = options_of({{name, value}});
    EXPECT_TRUE(options) << name;
    return options.value_or(ServeOptions{});
  };
  EXPECT_EQ(with("SAGEMAKER_BIND_TO_PORT", "9000").port, 9000);
  EXPECT_EQ(with("SAGEMAKER_BASE_DIR", "/x").model_dir, "/x/model");
  for (const char* name :
       {"SAGEMAKER_MODEL_SERVER_WORKERS", "SAGEMAKER_NUM_MODEL_WORKERS", "MODEL_SERVER_WORKERS"}) {
    EXPECT_EQ(with(name, "3").shards, 3U) << name;
  }
  for (const char* name : {"SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS",
                           "SAGEMAKER_MODEL_SERVER_TIMEOUT", "MODEL_SERVER_TIMEOUT"}) {
    EXPECT_EQ(with(name, "60").stall_s_max, 60U) << name;
  }
  EXPECT_EQ(with("SAGEMAKER_MAX_PAYLOAD_IN_MB", "6").body_bytes_max, 6U << 20);
  EXPECT_EQ(with("SAGEMAKER_MAX_REQUEST_SIZE", "7").body_bytes_max, 7U << 20);
  EXPECT_EQ(with("MAX_CONTENT_LENGTH", "1000").body_bytes_max, 1000U);
  EXPECT_EQ(with("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/csv").default_accept, "text/csv");
  EXPECT_EQ(with("SAGEMAKER_INFERENCE_OUTPUT", "labels").outputs, "labels");
  EXPECT_EQ(with("SAGEMAKER_CONTAINER_LOG_LEVEL", "WARNING").log.level, 30U);
}

TEST(ServeOptions, SeveralFilesAreAnEnsembleUnlessToldOtherwise) {
  EXPECT_TRUE(options_of({})->ensemble);
  EXPECT_TRUE(options_of({{"SAGEMAKER_INFERENCE_ENSEMBLE", "true"}})->ensemble);
  EXPECT_FALSE(options_of({{"SAGEMAKER_INFERENCE_ENSEMBLE", "false"}})->ensemble);
  EXPECT_EQ(error_of({{"SAGEMAKER_INFERENCE_ENSEMBLE", "some"}}),
            "SAGEMAKER_INFERENCE_ENSEMBLE is \"some\"; it is true or false");
}

TEST(ServeOptions, ABatchTransformIsKnownByItsVariable) {
  using Batch = ServeOptions::Batch;
  for (const auto& [text, batch] :
       {std::pair{"true", Batch::kPlatform}, std::pair{"True", Batch::kLocal},
        std::pair{"1", Batch::kPlatform}, std::pair{"false", Batch::kNone}}) {
    EXPECT_EQ(options_of({{"SAGEMAKER_BATCH", text}})->batch, batch) << text;
  }
  EXPECT_EQ(options_of({{"SAGEMAKER_BATCH", "true"}})->body_bytes_max, 0U);
  EXPECT_EQ(options_of({{"SAGEMAKER_MAX_PAYLOAD_IN_MB", "6"}})->body_bytes_max, 6U << 20);
  EXPECT_EQ(options_of({{"SAGEMAKER_MAX_PAYLOAD_IN_MB", "0"}})->body_bytes_max, 0U)
      << "no bound, as the platform says it";
}

TEST(ServeOptions, OwnVariablesBeatThePlatforms) {
  EXPECT_EQ(options_of({{"RINGMAKER_PORT", "1"}, {"SAGEMAKER_BIND_TO_PORT", "2"}})->port, 1);
}

TEST(ServeOptions, TheAccessLogTakesErrorsAllOrOneInMany) {
  const auto one_in = [](const std::string& text) {
    return options_of({{"RINGMAKER_ACCESS_LOG", text}})->access_log.one_in;
  };
  EXPECT_FALSE(options_of({{"RINGMAKER_ACCESS_LOG", "off"}})->access_log.errors);
  EXPECT_EQ(one_in("errors"), 0U);
  EXPECT_EQ(one_in("all"), 1U);
  EXPECT_EQ(one_in("1/100"), 100U);
  for (const char* bad : {"1/0", "1/", "2/3", "some"}) {
    EXPECT_THAT(error_of({{"RINGMAKER_ACCESS_LOG", bad}}), testing::HasSubstr("it is off, errors"))
        << bad;
  }
}

TEST(ServeOptions, LimitsHaveBothSides) {
  EXPECT_EQ(error_of({{"RINGMAKER_PORT", "65535"}}), "no error");
  EXPECT_NE(error_of({{"RINGMAKER_PORT", "65536"}}), "no error");
  EXPECT_NE(error_of({{"RINGMAKER_PORT", "0"}}), "no error");
  EXPECT_EQ(error_of({{"RINGMAKER_SHARDS", "256"}}), "no error");
  EXPECT_NE(error_of({{"RINGMAKER_SHARDS", "257"}}), "no error");
  EXPECT_NE(error_of({{"RINGMAKER_PLATFORM", "azure"}}), "no error");
}

TEST(ServeOptions, TheStartLineIsToldWhatIsNotTheDefault) {
  EXPECT_EQ(options_of({{"RINGMAKER_SHARDS", "2"}}, {{"port", "9000"}})->differences,
            "port=9000 shards=2");
}

}  // namespace
}  // namespace ringmaker::config
