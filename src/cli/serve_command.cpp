#include "cli/serve_command.h"

#include "config/serve_options.h"
#include "serve/server.h"
#include "telemetry/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace ringmaker::cli {
namespace {

telemetry::Level level_of(std::string_view text) noexcept {
  if (text == "debug" || text == "10") {
    return telemetry::Level::kDebug;
  }
  if (text == "warn" || text == "warning" || text == "30") {
    return telemetry::Level::kWarn;
  }
  if (text == "error" || text == "40" || text == "50") {
    return telemetry::Level::kError;
  }
  return telemetry::Level::kInfo;
}

telemetry::LogFormat format_of(std::string_view text, bool inside_sagemaker) noexcept {
  const bool human =
      text == "human" || (text == "auto" && !inside_sagemaker && ::isatty(STDERR_FILENO) == 1);
  return human ? telemetry::LogFormat::kHuman : telemetry::LogFormat::kJson;
}

base::Result<config::ServeOptions> read_options(const config::Texts& flags) {
  config::Texts file;
  if (const auto path = flags.find("config"); path != flags.end() && !path->second.empty()) {
    RM_ASSIGN(file, config::read_option_file(path->second));
  }
  RM_ASSIGN(const config::OptionValues values,
            config::resolve_options(config::serve_option_table(), flags, config::read_environment(),
                                    file, known_variables()));
  return config::make_serve_options(values);
}

int report(const base::Error& error) {
  fmt::print(stderr, "ringmaker serve: {}\n", error.message());
  return exit_code(error);
}

}  // namespace

std::span<const std::string_view> known_variables() noexcept {
  static constexpr std::array<std::string_view, 4> kKnown{"RINGMAKER_ISA", "RINGMAKER_PLATFORM",
                                                          "RINGMAKER_CONFIG", "RINGMAKER_BINARY"};
  return kKnown;
}

int exit_code(const base::Error& error) noexcept {
  switch (error.code()) {
    case base::ErrorCode::kInvalidInput:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kUnsupported:
    case base::ErrorCode::kCorrupt:
      return 2;
    case base::ErrorCode::kExhausted:
    case base::ErrorCode::kPlatform:
      return 3;
    case base::ErrorCode::kCancelled:
      return 0;
    case base::ErrorCode::kInternal:
      return 1;
  }
  return 1;
}

int run_serve(const config::Texts& flags, bool inside_sagemaker) {
  const auto options = read_options(flags);
  if (!options) {
    return report(options.error());
  }
  const base::SystemClock clock;
  telemetry::Log log(clock, {.descriptor = STDERR_FILENO,
                             .format = format_of(options->log_format, inside_sagemaker),
                             .level_min = level_of(options->log_level)});
  const auto ended = serve::run_server(*options, log);
  log.flush();
  if (!ended) {
    return report(ended.error());
  }
  return 0;
}

}  // namespace ringmaker::cli
