// OptionFile: a TOML file of options, one a line, as `--config` names it. What stands before the
// first table is for every command; a table named after a command is for that one, and wins there,
// so that one file in an image serves both `train` and `serve`.
//
//   log-level = "debug"
//
//   [serve]
//   port = 8080
#pragma once

#include "base/result.h"
#include "config/option_table.h"

#include <map>
#include <string>

namespace ringmaker::config {

struct OptionFile {
  struct Section {
    FileValues values;
    std::string place;  // of its head
  };

  FileValues values;  // for every command
  std::map<std::string, Section, std::less<>> sections;
};

/// Values of any scalar type, as text. The place of each value and of each error is "file:line".
[[nodiscard]] base::Result<OptionFile> read_option_file(const std::string& path);

}  // namespace ringmaker::config
