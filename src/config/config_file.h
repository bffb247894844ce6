// Files of configuration: small, whole, and read at once.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>

namespace ringmaker::config {

/// No configuration is larger.
inline constexpr size_t kConfigFileBytesMax = size_t{16} << 20;

/// The text of a file, none where there is no such file. kInvalidInput for what is no regular file,
/// which is not read (a pipe might never say a word, a device never end), and for one that is too
/// large; kPlatform where it cannot be read.
[[nodiscard]] base::Result<std::optional<std::string>> read_config_file(const std::string& path);

}  // namespace ringmaker::config
