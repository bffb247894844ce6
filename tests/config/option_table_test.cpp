#include "config/option_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace ringmaker::config {
namespace {

using testing::HasSubstr;
using Source = OptionValue::Source;

constexpr std::array<std::string_view, 2> kChoices{"auto", "epoll"};
constexpr std::array<PlatformVariable, 2> kPlatform{
    {{"SAGEMAKER_MAX_PAYLOAD_IN_MB", 1 << 20}, {"MAX_CONTENT_LENGTH"}}};
constexpr std::array<Option, 4> kTable{{
    {"port", "N", "8080", "TCP port"},
    {"body-bytes-max", "N", "100", "bytes of a body", kPlatform},
    {"io", "HOW", "auto", "network I/O", {}, kChoices},
    {.name = "label",
     .value_name = "COL",
     .default_value = "",
     .help = "the label",
     .hyperparameter = true},
}};

OptionValues resolved(const OptionSources& sources) {
  auto values = resolve_options(kTable, sources, {});
  EXPECT_TRUE(values) << (values ? "" : values.error().message());
  return *values;
}

std::string error_of(const base::Result<OptionValues>& values) {
  return values ? "no error" : values.error().message();
}

FileValues in_file(const std::string& name, const std::string& text) {
  return {{name, OptionValue{text, Source::kFile, "a.toml:3"}}};
}

TEST(OptionTable, FlagBeatsVariableBeatsPlatformBeatsFileBeatsDefault) {
  OptionSources sources;
  sources.file = in_file("body-bytes-max", "1");
  EXPECT_EQ(resolved({}).text("body-bytes-max"), "100");
  EXPECT_EQ(resolved(sources).get("body-bytes-max").origin, "a.toml:3");
  sources.environment["MAX_CONTENT_LENGTH"] = "2";
  EXPECT_EQ(resolved(sources).get("body-bytes-max").origin, "MAX_CONTENT_LENGTH");
  sources.environment["RINGMAKER_BODY_BYTES_MAX"] = "3";
  EXPECT_EQ(resolved(sources).get("body-bytes-max").origin, "RINGMAKER_BODY_BYTES_MAX");
  sources.flags["body-bytes-max"] = "4";
  EXPECT_EQ(resolved(sources).get("body-bytes-max").origin, "--body-bytes-max");
  EXPECT_EQ(resolved(sources).text("body-bytes-max"), "4");
}

TEST(OptionTable, HyperparametersStandBetweenVariablesAndTheFile) {
  OptionSources sources;
  sources.file = in_file("label", "of_file");
  sources.hyperparameters = {{"label", "of_job"}, {"port", "1"}};
  EXPECT_EQ(resolved(sources).text("label"), "of_job");
  EXPECT_EQ(resolved(sources).get("label").origin, "hyperparameters.json");
  EXPECT_EQ(resolved(sources).text("port"), "8080") << "not an option of a job";
  sources.environment["RINGMAKER_LABEL"] = "of_variable";
  EXPECT_EQ(resolved(sources).text("label"), "of_variable");
}

TEST(OptionTable, AVariableSetToNothingIsNotGiven) {
  EXPECT_EQ(resolved({.environment = {{"RINGMAKER_PORT", ""}}}).text("port"), "8080");
}

TEST(OptionTable, AFlagWithoutAValueIsAnError) {
  EXPECT_EQ(error_of(resolve_options(kTable, {.flags = {{"port", ""}}}, {})),
            "--port needs a value: TCP port");
}

TEST(OptionTable, MisspeltVariablesAndKeysAreErrorsWithASuggestion) {
  EXPECT_EQ(error_of(resolve_options(kTable, {.environment = {{"RINGMAKER_PROT", "1"}}}, {})),
            "the variable RINGMAKER_PROT is unknown; did you mean \"RINGMAKER_PORT\"?");
  EXPECT_EQ(error_of(resolve_options(kTable, {.file = in_file("prot", "1")}, {})),
            "a.toml:3: the option \"prot\" is unknown; did you mean \"port\"?");
  const std::array<std::string, 1> known{"RINGMAKER_OTHER"};
  EXPECT_TRUE(resolve_options(kTable, {.environment = {{"RINGMAKER_OTHER", "1"}}}, known));
  EXPECT_TRUE(resolve_options(kTable, {.environment = {{"SAGEMAKER_NEWS", "1"}}}, {}));
}

TEST(OptionTable, InAFileUnderscoresAreHyphensAndANameStandsOnce) {
  OptionSources sources;
  sources.file = in_file("body_bytes_max", "7");
  EXPECT_EQ(resolved(sources).text("body-bytes-max"), "7");
  EXPECT_EQ(resolved(sources).get("body-bytes-max").origin, "a.toml:3");
  sources.file.emplace("body-bytes-max", OptionValue{"8", Source::kFile, "a.toml:1"});
  EXPECT_EQ(error_of(resolve_options(kTable, sources, {})),
            "a.toml:3: body-bytes-max stands here a second time, after a.toml:1");
}

TEST(OptionTable, APlatformsUnitIsMultipliedAndItsZeroMeansNothing) {
  const auto with = [](const std::string& text) {
    return resolved({.environment = {{"SAGEMAKER_MAX_PAYLOAD_IN_MB", text}}});
  };
  EXPECT_EQ(with("6").text("body-bytes-max"), "6291456");
  EXPECT_EQ(with("0").get("body-bytes-max").origin, "default");
  const auto wrong = with("six").integer("body-bytes-max", 1, uint64_t{64} << 30);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(),
            "SAGEMAKER_MAX_PAYLOAD_IN_MB is \"six\"; it is a whole number from 1 to 65536");
}

TEST(OptionTable, ABadValueNamesItsSourceWhatWasFoundAndTheRange) {
  const auto error = [](const OptionSources& sources) {
    const auto number = resolved(sources).integer("port", 1, 65'535);
    return number ? "no error" : number.error().message();
  };
  EXPECT_EQ(error({.flags = {{"port", "x"}}}),
            "--port is \"x\"; it is a whole number from 1 to 65535");
  EXPECT_EQ(error({.environment = {{"RINGMAKER_PORT", "70000"}}}),
            "RINGMAKER_PORT is \"70000\"; it is a whole number from 1 to 65535");
  EXPECT_EQ(error({.file = in_file("port", "-1")}),
            "a.toml:3: port is \"-1\"; it is a whole number from 1 to 65535");
  EXPECT_EQ(error({.flags = {{"port", " 80 "}}}), "no error");
}

TEST(OptionTable, ChoicesAndBooleansComeInAnyCase) {
  EXPECT_EQ(resolved({.flags = {{"io", "EPoll"}}}).choice("io"), "epoll");
  EXPECT_EQ(resolved({.flags = {{"io", "select"}}}).choice("io").error().message(),
            "--io is \"select\"; it is one of auto, epoll");
  for (const char* text : {"true", "True", "TRUE", "1", "yes", "on"}) {
    EXPECT_EQ(resolved({.flags = {{"io", text}}}).boolean("io"), true) << text;
  }
  for (const char* text : {"false", "False", "0", "NO", "off"}) {
    EXPECT_EQ(resolved({.flags = {{"io", text}}}).boolean("io"), false) << text;
  }
  EXPECT_FALSE(resolved({.flags = {{"io", "maybe"}}}).boolean("io"));
}

TEST(OptionTable, DifferencesAreWhatIsNotTheDefault) {
  EXPECT_EQ(resolved({.flags = {{"io", "epoll"}, {"port", "8080"}}}).differences(), "io=epoll");
  EXPECT_EQ(resolved({.flags = {{"label", "the price"}}}).differences(), "label=\"the price\"");
}

TEST(OptionTable, AFileOfOptionsNamesNoOther) {
  constexpr std::array<Option, 1> kOfFiles{{{"config", "FILE", "", "TOML file of options"}}};
  EXPECT_EQ(error_of(resolve_options(kOfFiles, {.file = in_file("config", "b.toml")}, {})),
            "a.toml:3: a file of options names no other");
}

TEST(Quote, IsShortAndWithoutControlCharacters) {
  EXPECT_EQ(quote("a\n\x1b[31m"), "\"a\\x0a\\x1b[31m\"");
  EXPECT_EQ(quote(std::string(59, 'a') + "\xC3\xA4"), "\"" + std::string(59, 'a') + "...\"");
  EXPECT_THAT(quote(std::string(1000, 'b')), HasSubstr("b...\""));
  EXPECT_LT(quote(std::string(1000, 'b')).size(), 70U);
}

}  // namespace
}  // namespace ringmaker::config
