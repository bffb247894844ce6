// ByteSource: a file's bytes, of which only those are read that are asked for.
#pragma once

#include "base/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace ringmaker::model {

struct ByteSource {
  uint64_t size = 0;
  /// `count` bytes from `at` on, fewer where the file ends. They live until the next call.
  std::function<base::Result<std::span<const std::byte>>(uint64_t at, size_t count)> read = {};
};

/// Of a whole file, which stays where it is.
[[nodiscard]] inline ByteSource source_of(std::span<const std::byte> bytes) {
  return {.size = bytes.size(),
          .read = [bytes](uint64_t at, size_t count) -> base::Result<std::span<const std::byte>> {
            const auto rest = bytes.subspan(std::min<uint64_t>(at, bytes.size()));
            return rest.first(std::min(count, rest.size()));
          }};
}

}  // namespace ringmaker::model
