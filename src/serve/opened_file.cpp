#include "serve/opened_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace ringmaker::serve {

base::Result<void> OpenedFile::read(std::span<std::byte> bytes, uint64_t at) const {
  for (size_t have = 0; have < bytes.size();) {
    const ssize_t got = ::pread(descriptor.get(), bytes.data() + have, bytes.size() - have,
                                static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
    }
    if (got == 0) {
      return base::fail(base::ErrorCode::kCorrupt,
                        fmt::format("{} ended while it was read, at byte {}", path, at + have));
    }
    have += static_cast<size_t>(got);
  }
  return {};
}

model::ByteSource OpenedFile::source() const {
  return {
      .size = size,
      .read = [this, buffer = std::vector<std::byte>()](
                  uint64_t at, size_t count) mutable -> base::Result<std::span<const std::byte>> {
        buffer.resize(std::min<uint64_t>(count, size - std::min(at, size)));
        RM_TRY(read(buffer, at));
        return buffer;
      }};
}

base::Result<OpenedFile> open_file(const std::string& path) {
  // Non-blocking, so that a FIFO or device of that name cannot hang the start.
  io::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    return base::fail(base::system_error(errno, fmt::format("cannot open {}", path)));
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
  }
  if (!S_ISREG(status.st_mode)) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is not a regular file", path));
  }
  return OpenedFile{std::move(file), path, static_cast<uint64_t>(status.st_size)};
}

}  // namespace ringmaker::serve
