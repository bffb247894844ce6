#include "cli/command.h"

#include "cli/command_list.h"
#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

bool inside(std::string_view command, config::Texts flags, config::Texts environment = {}) {
  return inside_sagemaker(*find_command(command), {.flags = std::move(flags),
                                                   .words = {},
                                                   .strays = {},
                                                   .environment = std::move(environment)});
}

TEST(InsideSagemaker, IsTrainOrServeWithoutWhatOnlyPeopleSay) {
  EXPECT_TRUE(inside("serve", {}));
  EXPECT_TRUE(inside("train", {{"label", "x"}}));
  EXPECT_FALSE(inside("serve", {{"port", "1"}}));
  EXPECT_FALSE(inside("serve", {{"model-dir", "m"}}));
  EXPECT_FALSE(inside("train", {{"data", "d"}}));
  EXPECT_FALSE(inside("predict", {}));
}

TEST(InsideSagemaker, CanBeToldOtherwise) {
  EXPECT_FALSE(inside("serve", {}, {{"RINGMAKER_PLATFORM", "local"}}));
  EXPECT_TRUE(inside("serve", {{"port", "1"}}, {{"RINGMAKER_PLATFORM", "sagemaker"}}));
  EXPECT_FALSE(inside("serve", {{"platform", "local"}}, {{"RINGMAKER_PLATFORM", "sagemaker"}}));
}

TEST(Resolve, ATableOfTheFileIsForItsCommandAndWinsThere) {
  const test::TemporaryDirectory files;
  files.write("a.toml", "port = 1\nio = \"epoll\"\n[serve]\nport = 2\n[train]\nepochs = 3\n");
  const auto port = [&](std::string_view command) {
    Call call;
    call.command = command;
    call.flags = {{"config", files.path("a.toml")}};
    return resolve(find_command("serve")->options, call).value().text("port");
  };
  EXPECT_EQ(port("serve"), "2");
  EXPECT_EQ(port(""), "1");
}

TEST(TextOfEither, IsWhatIsCloserOfTwoNames) {
  const auto model = [](const config::Texts& flags, const config::Texts& environment) {
    Call call;
    call.flags = flags;
    call.environment = environment;
    const auto values = resolve(find_command("predict")->options, call).value();
    return text_of_either(values, "model", "model-dir");
  };
  EXPECT_EQ(model({}, {}), "");
  EXPECT_EQ(model({{"model-dir", "a"}}, {{"RINGMAKER_MODEL", "b"}}), "a");
  EXPECT_EQ(model({{"model", "a"}}, {{"RINGMAKER_MODEL_DIR", "b"}}), "a");
  EXPECT_EQ(model({}, {{"RINGMAKER_MODEL", "a"}, {"RINGMAKER_MODEL_DIR", "b"}}), "a");
  EXPECT_EQ(model({{"model", "a"}, {"model-dir", "a"}}, {}), "a");
  const auto two = model({{"model", "a"}, {"model-dir", "b"}}, {});
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().message(),
            "--model is \"a\" and --model-dir is \"b\", which are one option with two names");
}

TEST(Resolve, ATableOfNoCommandIsAnError) {
  const test::TemporaryDirectory files;
  for (const char* name : {"srve", "predict"}) {
    files.write("a.toml", std::string("port = 1\n[") + name + "]\nport = 2\n");
    Call call;
    call.command = "serve";
    call.flags = {{"config", files.path("a.toml")}};
    const auto values = resolve(find_command("serve")->options, call);
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().message(), files.path("a.toml") + ":2: the table \"" + name +
                                            "\" is of no command; it is [serve] or [train]");
  }
}

TEST(Resolve, VariablesOfOtherCommandsAreKnown) {
  EXPECT_TRUE(resolve(find_command("serve")->options,
                      {.flags = {},
                       .words = {},
                       .strays = {},
                       .environment = {{"RINGMAKER_LABEL", "x"}, {"RINGMAKER_ISA", "avx2"}}}));
  EXPECT_FALSE(
      resolve(find_command("serve")->options,
              {.flags = {}, .words = {}, .strays = {}, .environment = {{"RINGMAKER_LABLE", "x"}}}));
}

TEST(CommandList, NamesAreFoundAndOptionsNamedOnce) {
  EXPECT_EQ(find_command("none"), nullptr);
  for (const Command& command : commands()) {
    EXPECT_EQ(find_command(command.name), &command);
    EXPECT_NE(command.run, nullptr);
    std::vector<std::string_view> names;
    for (const config::Option& option : command.options) {
      names.push_back(option.name);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << command.name;
  }
}

}  // namespace
}  // namespace ringmaker::cli
