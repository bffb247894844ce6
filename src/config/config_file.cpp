#include "config/config_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace ringmaker::config {
namespace {

struct File {
  int descriptor;
  explicit File(const std::string& path)
      // Without O_NONBLOCK, opening a pipe would wait for its writer.
      : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor >= 0) {
      ::close(descriptor);
    }
  }
};

std::string_view kind_of(mode_t mode) {
  return S_ISDIR(mode)    ? "a directory"
         : S_ISFIFO(mode) ? "a pipe"
         : S_ISSOCK(mode) ? "a socket"
                          : "a device";
}

}  // namespace

base::Result<std::optional<std::string>> read_config_file(const std::string& path) {
  const auto unreadable = [&] {
    return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
  };
  const File file(path);
  if (file.descriptor < 0) {
    if (errno == ENOENT) {
      return std::optional<std::string>();
    }
    return unreadable();
  }
  struct stat status{};
  if (::fstat(file.descriptor, &status) != 0) {
    return unreadable();
  }
  if (!S_ISREG(status.st_mode)) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("{} is {}; a regular file is needed", path, kind_of(status.st_mode)));
  }
  std::string text;
  for (;;) {
    constexpr size_t kPiece = 64 * 1024;
    const size_t size = text.size();
    text.resize(size + kPiece);
    const ssize_t got = ::read(file.descriptor, text.data() + size, kPiece);
    if (got < 0 && errno != EINTR) {
      return unreadable();
    }
    text.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) {
      return text;
    }
    if (text.size() > kConfigFileBytesMax) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} has more than {} MiB, the most that configuration may have",
                                    path, kConfigFileBytesMax >> 20));
    }
  }
}

}  // namespace ringmaker::config
