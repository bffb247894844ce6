// MachineFindings: what `doctor` says of the machine: kernel, I/O, CPUs, memory, limits.
#pragma once

#include "cli/finding.h"
#include "config/serve_options.h"

#include <string_view>
#include <vector>

namespace ringmaker::cli {

/// Appends to `findings`. `cgroup_root` is replaced in tests.
void find_machine(const config::ServeOptions& options, Findings& findings,
                  std::string_view cgroup_root = "/sys/fs/cgroup");

/// "0-3,7"
[[nodiscard]] std::string ranges_of(const std::vector<int>& numbers);

}  // namespace ringmaker::cli
