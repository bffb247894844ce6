#include "config/training_input.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace ringmaker::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TrainingInput, MissingAndEmptyFilesMeanTheirDefaults) {
  const test::TemporaryDirectory root;
  root.write("input/config/hyperparameters.json", "");
  const auto input = read_training_input(TrainingPaths::below(root.path()));
  ASSERT_TRUE(input) << input.error().message();
  EXPECT_TRUE(input->hyperparameters.all().empty());
  EXPECT_TRUE(input->channels.empty());
  EXPECT_TRUE(input->resources.leader());
}

TEST(TrainingInput, ABrokenFileIsNamed) {
  const test::TemporaryDirectory root;
  root.write("input/config/inputdataconfig.json", "{");
  const auto input = read_training_input(TrainingPaths::below(root.path()));
  ASSERT_FALSE(input);
  EXPECT_THAT(input.error().message(), HasSubstr("inputdataconfig.json: "));
}

TEST(TrainingInput, AFileThatCannotBeReadSaysWhy) {
  const test::TemporaryDirectory root;
  root.write("input/config/hyperparameters.json/inside", "");
  const auto directory = read_training_input(TrainingPaths::below(root.path()));
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message(),
              HasSubstr("hyperparameters.json is a directory; a regular file is needed"));
  const test::TemporaryDirectory closed;
  closed.write("input/config/hyperparameters.json", "{}");
  std::filesystem::permissions(closed.path("input/config/hyperparameters.json"),
                               std::filesystem::perms(0));
  constexpr uid_t kNobody = 65534;
  const bool all_powerful = ::geteuid() == 0;
  ASSERT_TRUE(!all_powerful || ::seteuid(kNobody) == 0);
  const auto input = read_training_input(TrainingPaths::below(closed.path()));
  ASSERT_TRUE(!all_powerful || ::seteuid(0) == 0);
  ASSERT_FALSE(input);
  EXPECT_THAT(input.error().message(), HasSubstr("hyperparameters.json: Permission denied"));
}

TEST(TrainingInput, ChannelsKeepWhatTheJobSaysOfThem) {
  const auto channels = parse_channels(
      R"({"train": {"TrainingInputMode": "FastFile", "ContentType": "text/csv", "EnableFFM": "x",
                    "S3DistributionType": "ShardedByS3Key", "RecordWrapperType": "RecordIO"},
          "validation": {}})");
  ASSERT_TRUE(channels) << channels.error().message();
  EXPECT_EQ(channels->at("train").input_mode, "FastFile");
  EXPECT_EQ(channels->at("train").content_type, "text/csv");
  EXPECT_EQ(channels->at("train").distribution, "ShardedByS3Key");
  EXPECT_EQ(channels->at("train").record_wrapper, "RecordIO");
  EXPECT_EQ(channels->at("validation").input_mode, "File");
  EXPECT_EQ(channels->at("validation").distribution, "FullyReplicated");
}

TEST(TrainingInput, MembersOfAnotherTypeAreNoDefaults) {
  const auto mode = parse_channels(R"({"train": {"TrainingInputMode": ["Pipe"]}})");
  ASSERT_FALSE(mode);
  EXPECT_THAT(mode.error().message(), HasSubstr("TrainingInputMode"));
  EXPECT_THAT(mode.error().message(), HasSubstr("is not a string"));
  EXPECT_EQ(parse_channels(R"({"train": {"TrainingInputMode": null}})")->at("train").input_mode,
            "File");
  EXPECT_FALSE(parse_resources("[]"));
  EXPECT_FALSE(parse_resources("\"x\""));
  EXPECT_FALSE(parse_resources(R"({"current_host": 3})"));
  EXPECT_FALSE(parse_resources(R"({"current_host": "a", "hosts": ["a", 3]})"));
  const auto none = parse_resources(R"({"current_host": "algo-1", "hosts": []})");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr("names no host"));
}

TEST(TrainingInput, TheLeaderIsTheFirstHostAsText) {
  const auto hosts =
      parse_resources(R"({"current_host": "algo-10", "hosts": ["algo-2", "algo-10", "algo-1"]})");
  ASSERT_TRUE(hosts);
  EXPECT_THAT(hosts->hosts, ElementsAre("algo-1", "algo-10", "algo-2"));
  EXPECT_FALSE(hosts->leader());
  EXPECT_THAT(
      parse_resources(R"({"current_host": "b", "hosts": ["b", "a", "b"]})").error().message(),
      testing::HasSubstr("names \"b\" twice"));
  EXPECT_EQ(parse_resources(R"({"current_host": "x", "hosts": ["y", "z"]})").error().message(),
            "current_host \"x\" is not one of the hosts y, z");
  EXPECT_TRUE(parse_resources(R"({"current_host": "x"})")->leader());
}

}  // namespace
}  // namespace ringmaker::config
