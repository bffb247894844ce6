// PlatformVariables: the SAGEMAKER_ variables that this program knows, and what it does not.
//
// The names are those that the platform or AWS's own serving stacks read. Options take theirs by
// the option table; the others are either without a meaning here or not done here, which is told.
#pragma once

#include "config/option_table.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::config {

/// SAGEMAKER_ variables of `environment` that no option of `table` takes and that mean nothing
/// known: a debug line each.
[[nodiscard]] std::vector<std::string> unknown_platform_variables(std::span<const Option> table,
                                                                  const Texts& environment);

}  // namespace ringmaker::config
