#include "cli/help_text.h"

#include "cli/command_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// Each text of help, by its command.
std::vector<std::pair<std::string, std::string>> helps() {
  std::vector<std::pair<std::string, std::string>> all{{"", help_of_all(commands())}};
  for (const Command& command : commands()) {
    all.emplace_back(command.name, help_of(command));
  }
  return all;
}

TEST(HelpText, FitsAScreen) {
  for (const auto& [name, text] : helps()) {
    const auto lines = lines_of(text);
    EXPECT_LE(lines.size(), 60U) << name;
    for (const std::string& line : lines) {
      EXPECT_LE(line.size(), 100U) << name << ": " << line;
    }
  }
}

TEST(HelpText, EndsWithTwoExamples) {
  for (const auto& [name, text] : helps()) {
    const auto lines = lines_of(text);
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines[lines.size() - 3], "Examples:") << name;
    EXPECT_THAT(lines[lines.size() - 1], HasSubstr("ringmaker " + name));
    EXPECT_THAT(lines[lines.size() - 2], HasSubstr("ringmaker " + name));
  }
}

TEST(HelpText, EachOptionNamesItsVariableAndItsDefault) {
  for (const Command& command : commands()) {
    std::string text = help_of(command);
    std::replace(text.begin(), text.end(), '\n', ' ');
    for (const config::Option& option : command.options) {
      if (option.help.empty() || command.options_shown < command.options.size()) {
        continue;
      }
      EXPECT_THAT(text, HasSubstr("--" + std::string(option.name))) << command.name;
      EXPECT_THAT(text, HasSubstr("[" + config::variable_of(option.name))) << command.name;
    }
  }
}

}  // namespace
}  // namespace ringmaker::cli
