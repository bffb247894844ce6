// LogOptions: how a command writes its log, as the options log-format and log-level say.
#pragma once

#include "base/result.h"
#include "config/option_table.h"

#include <array>
#include <string>
#include <string_view>

namespace ringmaker::config {

inline constexpr std::array<std::string_view, 3> kLogFormats{"auto", "human", "json"};
inline constexpr std::array<PlatformVariable, 1> kLogLevelVariables{
    {{"SAGEMAKER_CONTAINER_LOG_LEVEL"}}};

inline constexpr Option kLogFormatOption{.name = "log-format",
                                         .value_name = "FORM",
                                         .default_value = "auto",
                                         .help = "human, json, or auto: by terminal",
                                         .choices = kLogFormats};
inline constexpr Option kLogLevelOption{.name = "log-level",
                                        .value_name = "LEVEL",
                                        .default_value = "info",
                                        .help = "debug, info, warn, error, or 10 to 40",
                                        .platform = kLogLevelVariables};

struct LogSettings {
  std::string format = "auto";  // auto, human, json
  unsigned level = 20;          // 10 debug, 20 info, 30 warning, 40 error, 50 critical
};

/// Levels by Python's number or name, in any case.
[[nodiscard]] base::Result<LogSettings> make_log_settings(const OptionValues& values);

}  // namespace ringmaker::config
