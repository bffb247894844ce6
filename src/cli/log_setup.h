// LogSetup: the log of a command, as its options and its surroundings ask for.
#pragma once

#include "cli/command.h"
#include "config/log_options.h"
#include "telemetry/log.h"

#include <span>

namespace ringmaker::cli {

/// To standard error. auto: for people on a terminal outside SageMaker, whose local mode gives
/// containers a terminal too.
[[nodiscard]] telemetry::LogOptions log_options(const config::LogSettings& settings,
                                                const Call& call);

/// Why a command that writes a log has failed, and its exit code: one JSON line inside SageMaker
/// and where log-format asks for JSON, by flag, variable or file, else a sentence, as report() has
/// it.
[[nodiscard]] int report_failure(std::string_view command, const base::Error& error,
                                 const Call& call);

/// What surrounds the command and changes nothing: arguments and variables without an effect.
void log_surroundings(telemetry::Log& log, const Call& call,
                      std::span<const config::Option> options);

}  // namespace ringmaker::cli
