// `ringmaker doctor`: what was found where it runs, and what would keep serve or train from
// working.
#pragma once

#include "cli/command.h"
#include "cli/finding.h"

#include <string>

namespace ringmaker::cli {

[[nodiscard]] Command doctor_command() noexcept;

/// A line a finding, with its advice below; problems are marked, in colour if it is wanted.
[[nodiscard]] std::string describe_findings(const Findings& findings, bool colour);
[[nodiscard]] std::string describe_findings_as_json(const Findings& findings);

}  // namespace ringmaker::cli
