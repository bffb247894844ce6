// ArtifactHeader: the first 64 bytes of a model file, and the checksum that covers all of it.
//
//   byte  0  magic 89 'R' 'M' 'K' 0D 0A 1A 0A   (as in PNG: text conversions damage it visibly)
//         8  u32 version       16  u64 bytes of the whole file     32  zeroes
//        12  u32 header bytes  24  u64 bytes of the JSON           56  u64 checksum
//
// The checksum is XXH3-64 of everything behind the header, seeded with XXH3-64 of bytes 0 to 55.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringmaker::model {

inline constexpr uint32_t kArtifactVersion = 1;
inline constexpr size_t kArtifactHeaderBytes = 64;
inline constexpr size_t kArtifactAlignment = 64;

struct ArtifactHeader {
  size_t json_bytes = 0;
};

/// Fills the header of a file that is complete but for it.
void write_artifact_header(std::span<std::byte> file, size_t json_bytes);

/// Checks what the first bytes of a file of `file_bytes` say: magic, version, length.
[[nodiscard]] base::Result<void> check_artifact_start(std::span<const std::byte> start,
                                                      uint64_t file_bytes);

/// Checks magic, version, length and checksum; then the JSON and its padding lie within the file.
[[nodiscard]] base::Result<ArtifactHeader> read_artifact_header(std::span<const std::byte> file);

}  // namespace ringmaker::model
