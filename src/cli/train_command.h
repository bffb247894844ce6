// `ringmaker train`
#pragma once

#include "config/option_table.h"

#include <span>
#include <string>
#include <vector>

namespace ringmaker::cli {

[[nodiscard]] std::span<const config::Option> train_option_table() noexcept;
/// Returns the exit code.
[[nodiscard]] int run_train(const config::Texts& flags, bool inside_sagemaker);

}  // namespace ringmaker::cli
