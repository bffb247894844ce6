#include "config/log_options.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ringmaker::config {
namespace {

constexpr unsigned kLevelMax = 50;

base::Result<unsigned> level_of(const OptionValues& values) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 8> kNames{{{"notset", 0},
                                                                         {"debug", 10},
                                                                         {"info", 20},
                                                                         {"warn", 30},
                                                                         {"warning", 30},
                                                                         {"error", 40},
                                                                         {"critical", 50},
                                                                         {"fatal", 50}}};
  std::string text = values.text("log-level");
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  for (const auto& [name, level] : kNames) {
    if (text == name) {
      return level;
    }
  }
  unsigned level = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), level);
  if (error != std::errc() || end != text.data() + text.size() || level > kLevelMax) {
    return base::fail(
        values.wrong("log-level", "debug, info, warn, error, or a number from 0 to 50"));
  }
  return level;
}

}  // namespace

base::Result<LogSettings> make_log_settings(const OptionValues& values) {
  LogSettings settings;
  RM_ASSIGN(settings.format, values.choice("log-format"));
  RM_ASSIGN(settings.level, level_of(values));
  return settings;
}

}  // namespace ringmaker::config
