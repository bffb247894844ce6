// OpenedFile: a file of a model, open for reading.
#pragma once

#include "base/result.h"
#include "io/socket.h"
#include "model/import/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ringmaker::serve {

struct OpenedFile {
  io::Descriptor descriptor;
  std::string path;
  uint64_t size = 0;

  /// Reads until `bytes` are full, which lie at `at` in the file; kCorrupt where it ends before.
  [[nodiscard]] base::Result<void> read(std::span<std::byte> bytes, uint64_t at) const;
  /// For as long as this lives and stays where it is.
  [[nodiscard]] model::ByteSource source() const;
};

/// Of a regular file alone: a FIFO or a device of that name is an error, and does not hang. Errors
/// name the path.
[[nodiscard]] base::Result<OpenedFile> open_file(const std::string& path);

}  // namespace ringmaker::serve
