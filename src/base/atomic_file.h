// Atomic files: a file under its final name is complete, whatever happens.
//
// Written under a temporary name in the same directory, synchronised, renamed; the directory is
// synchronised too. On failure the temporary is removed and the old file, if any, stands.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::base {

/// Creates missing directories. kExhausted when the disk is full, kPlatform otherwise.
[[nodiscard]] Result<void> write_file_atomically(const std::string& path,
                                                 std::span<const std::byte> bytes);
[[nodiscard]] Result<void> write_file_atomically(const std::string& path, std::string_view text);

}  // namespace ringmaker::base
