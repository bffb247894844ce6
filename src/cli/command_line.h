// The command line: which verb was asked for, and its exit code.
#pragma once

namespace ringmaker::cli {

/// Exit codes: 0 fine, 1 a bug of ours, 2 the user's fault, 3 the platform's.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace ringmaker::cli
