// Terminal: how commands talk. Results go to standard output, talk to standard error.
#pragma once

#include "base/result.h"
#include "config/option_table.h"

#include <string_view>

namespace ringmaker::cli {

/// Only on a terminal that knows colours, and unless NO_COLOR says not to.
[[nodiscard]] bool colour_wanted(int descriptor, const config::Texts& environment);

/// Where standard input, output or error is closed, takes its descriptor with one that cannot be
/// read or written: else the next file to be opened would be it, and a model would begin with
/// metric lines. Called before anything is opened.
void hold_standard_descriptors() noexcept;

/// Writes a result. A reader that has seen enough (`| head -1`) is kCancelled, and no failure.
[[nodiscard]] base::Result<void> write_result(std::string_view text);

/// Says what went wrong and returns the exit code. kCancelled is not told of.
[[nodiscard]] int report(std::string_view command, const base::Error& error,
                         const config::Texts& environment);

/// write_result(), with its error reported; the exit code.
[[nodiscard]] int print_result(std::string_view command, std::string_view text,
                               const config::Texts& environment);

/// 0 fine, 2 the user's fault, 3 the platform's, 1 ours.
[[nodiscard]] int exit_code(base::ErrorCode code) noexcept;

}  // namespace ringmaker::cli
