// `ringmaker serve`
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "config/option_table.h"

#include <span>

namespace ringmaker::cli {

/// Returns the exit code.
[[nodiscard]] int run_serve(const config::Texts& flags, bool inside_sagemaker);

/// 2 for the user's fault, 3 for the platform's, 1 for ours.
[[nodiscard]] int exit_code(const base::Error& error) noexcept;

/// RINGMAKER_ variables that are no options of one command but mean something.
[[nodiscard]] std::span<const std::string_view> known_variables() noexcept;

}  // namespace ringmaker::cli
