#include "model/artifact_header.h"

#include "wire/little_endian.h"

#include <fmt/core.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using wire::load_little_endian;
using wire::store_little_endian;

constexpr std::array<unsigned char, 8> kMagic{0x89, 'R', 'M', 'K', '\r', '\n', 0x1A, '\n'};
constexpr size_t kVersionAt = 8;
constexpr size_t kHeaderBytesAt = 12;
constexpr size_t kFileBytesAt = 16;
constexpr size_t kJsonBytesAt = 24;
constexpr size_t kChecksumAt = 56;

uint64_t checksum_of(std::span<const std::byte> file) {
  const uint64_t seed = XXH3_64bits(file.data(), kChecksumAt);
  const auto rest = file.subspan(kArtifactHeaderBytes);
  return XXH3_64bits_withSeed(rest.data(), rest.size(), seed);
}

/// As far as it goes: a file may be cut off within its magic.
bool has_magic(std::span<const std::byte> file) {
  const auto looked_at = static_cast<ptrdiff_t>(std::min(file.size(), kMagic.size()));
  return std::equal(file.begin(), file.begin() + looked_at, kMagic.begin(),
                    [](std::byte a, unsigned char b) { return a == std::byte{b}; });
}

}  // namespace

void write_artifact_header(std::span<std::byte> file, size_t json_bytes) {
  std::ranges::transform(kMagic, file.begin(), [](unsigned char c) { return std::byte{c}; });
  store_little_endian<uint32_t>(&file[kVersionAt], kArtifactVersion);
  store_little_endian<uint32_t>(&file[kHeaderBytesAt], kArtifactHeaderBytes);
  store_little_endian<uint64_t>(&file[kFileBytesAt], file.size());
  store_little_endian<uint64_t>(&file[kJsonBytesAt], json_bytes);
  store_little_endian<uint64_t>(&file[kChecksumAt], checksum_of(file));
}

base::Result<void> check_artifact_start(std::span<const std::byte> start, uint64_t file_bytes) {
  if (!has_magic(start)) {
    return fail(ErrorCode::kUnsupported,
                "this is not a Ringmaker model file: its first bytes are unknown");
  }
  if (start.size() < kArtifactHeaderBytes) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("the model file is cut off: of its header of {} bytes it has {}",
                            kArtifactHeaderBytes, start.size()));
  }
  const auto version = load_little_endian<uint32_t>(&start[kVersionAt]);
  // A newer format may measure and sum differently, so its version is believed before its sum.
  if (version > kArtifactVersion && version < 1000) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the model file has format version {}, this build reads up to {}: "
                            "use a newer Ringmaker, or check the file for damage",
                            version, kArtifactVersion));
  }
  const auto written = load_little_endian<uint64_t>(&start[kFileBytesAt]);
  if (written != file_bytes) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("the model file has {} bytes but was written with {}: it is cut off "
                            "or something follows it",
                            file_bytes, written));
  }
  return {};
}

base::Result<ArtifactHeader> read_artifact_header(std::span<const std::byte> file) {
  RM_TRY(check_artifact_start(file, file.size()));
  const auto json_bytes = load_little_endian<uint64_t>(&file[kJsonBytesAt]);
  const bool intact = load_little_endian<uint64_t>(&file[kChecksumAt]) == checksum_of(file);
  const auto version = load_little_endian<uint32_t>(&file[kVersionAt]);
  if (!intact || version != kArtifactVersion || json_bytes > file.size() - kArtifactHeaderBytes) {
    return fail(ErrorCode::kCorrupt,
                "the model file is damaged: its checksum does not fit its content");
  }
  return ArtifactHeader{.json_bytes = json_bytes};
}

}  // namespace ringmaker::model
