#include "cli/log_setup.h"

#include "base/text.h"
#include "cli/terminal.h"
#include "config/platform_variables.h"

#include <fmt/format.h>
#include <unistd.h>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kLogFormat = config::kLogFormatOption.name;

/// As the flag, the variable or the file says, before options are resolved, as they may not be;
/// where none says so, inside SageMaker, whose log groups are searched by the members of lines.
bool failure_is_json(const Call& call) {
  std::string format = "auto";
  if (const std::string* early = early_value(call, kLogFormat)) {
    format = *early;
  } else if (const std::string* path = early_value(call, "config")) {
    const auto file = read_values(*path, call.command).value_or(config::FileValues());
    const auto found = file.find(kLogFormat);
    format = found == file.end() ? format : found->second.text;
  }
  return base::equals_ignoring_case(format, "json") ||
         (base::equals_ignoring_case(format, "auto") && call.inside_sagemaker);
}

}  // namespace

telemetry::LogOptions log_options(const config::LogSettings& settings, const Call& call) {
  const bool human =
      settings.format == "human" ||
      (settings.format == "auto" && !call.inside_sagemaker && ::isatty(STDERR_FILENO) == 1);
  return {.descriptor = STDERR_FILENO,
          .format = human ? telemetry::LogFormat::kHuman : telemetry::LogFormat::kJson,
          .level_min = telemetry::level_of(settings.level),
          .colour = human && colour_wanted(STDERR_FILENO, call.environment)};
}

int report_failure(std::string_view command, const base::Error& error, const Call& call) {
  if (!failure_is_json(call) || error.code() == base::ErrorCode::kCancelled) {
    return report(command, error, call.environment);
  }
  const base::SystemClock clock;
  telemetry::Log log(clock, {.descriptor = STDERR_FILENO, .format = telemetry::LogFormat::kJson});
  log.write(telemetry::Level::kError, "failed",
            {{"command", command}, {"detail", error.message()}});
  log.flush();
  return exit_code(error.code());
}

void log_surroundings(telemetry::Log& log, const Call& call,
                      std::span<const config::Option> options) {
  if (!call.strays.empty()) {
    log.write(telemetry::Level::kWarn, "arguments_ignored",
              {{"detail", fmt::format("unknown arguments: {}", fmt::join(call.strays, " "))}});
  }
  for (const std::string& name : config::unknown_platform_variables(options, call.environment)) {
    log.write(telemetry::Level::kDebug, "variable_unknown", {{"detail", name}});
  }
}

}  // namespace ringmaker::cli
