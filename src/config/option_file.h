// OptionFile: a TOML file of options, one a line, as `--config` names it.
//
//   port = 8080
//   log-level = "debug"
#pragma once

#include "base/result.h"
#include "config/option_table.h"

#include <string>

namespace ringmaker::config {

/// A flat file; values of any scalar type, as text. The place of each value and of each error is
/// "file:line".
[[nodiscard]] base::Result<FileValues> read_option_file(const std::string& path);

}  // namespace ringmaker::config
