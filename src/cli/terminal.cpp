#include "cli/terminal.h"

#include "base/standard_error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace ringmaker::cli {

bool colour_wanted(int descriptor, const config::Texts& environment) {
  const std::string* kind = config::find_text(environment, "TERM");
  return config::find_text(environment, "NO_COLOR") == nullptr && kind != nullptr &&
         *kind != "dumb" && ::isatty(descriptor) == 1;
}

void hold_standard_descriptors() noexcept {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0) {
      // The lowest that is free, which is this one; the wrong way round, so that its use is told.
      (void)::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

base::Result<void> write_result(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) {
    return {};
  }
  if (errno == EPIPE) {
    return base::fail(base::ErrorCode::kCancelled, "nobody reads the result any more");
  }
  return base::fail(base::system_error(errno, "cannot write to standard output"));
}

int exit_code(base::ErrorCode code) noexcept {
  switch (code) {
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

int report(std::string_view command, const base::Error& error, const config::Texts& environment) {
  if (error.code() != base::ErrorCode::kCancelled) {
    const bool colour = colour_wanted(STDERR_FILENO, environment);
    base::tell("{}ringmaker{}{}:{} {}\n", colour ? "\x1b[31m" : "", command.empty() ? "" : " ",
               command, colour ? "\x1b[0m" : "", error.message());
  }
  return exit_code(error.code());
}

int print_result(std::string_view command, std::string_view text,
                 const config::Texts& environment) {
  const auto written = write_result(text);
  return written ? 0 : report(command, written.error(), environment);
}

}  // namespace ringmaker::cli
