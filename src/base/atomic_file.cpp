#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace ringmaker::base {
namespace {

/// Closes and removes what has not been kept.
class Temporary {
 public:
  explicit Temporary(std::string path)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
  ~Temporary() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
    if (!kept_) {
      ::unlink(path_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] int close() noexcept { return ::close(std::exchange(descriptor_, -1)); }
  void keep() noexcept { kept_ = true; }

 private:
  std::string path_;
  int descriptor_;
  bool kept_ = false;
};

bool write_all(int descriptor, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

int sync_directory(const std::string& path) noexcept {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno;
  }
  const int result = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some file systems cannot synchronise a directory and say so; the file itself is safe.
  return result == EINVAL ? 0 : result;
}

tl::unexpected<Error> failed(std::string_view step, const std::string& path) {
  const int error_number = errno;
  return fail(system_error(error_number, fmt::format("cannot {} {}", step, path)));
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::span<const std::byte> bytes) {
  const std::filesystem::path target(path);
  const std::string directory = target.has_parent_path() ? target.parent_path().string() : ".";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return fail(system_error(error.value(), fmt::format("cannot create {}", directory)));
  }
  const std::string name = directory + "/." + target.filename().string() + ".tmp";
  Temporary temporary(name);
  if (temporary.descriptor() < 0) {
    return failed("write", path);
  }
  if (!write_all(temporary.descriptor(), bytes)) {
    return failed("write", path);
  }
  if (::fsync(temporary.descriptor()) != 0) {
    return failed("synchronise", path);
  }
  if (temporary.close() != 0) {
    return failed("close", path);
  }
  if (::rename(name.c_str(), path.c_str()) != 0) {
    return failed("rename to", path);
  }
  temporary.keep();
  if (const int error_number = sync_directory(directory); error_number != 0) {
    errno = error_number;
    return failed("synchronise", directory);
  }
  return {};
}

Result<void> write_file_atomically(const std::string& path, std::string_view text) {
  return write_file_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace ringmaker::base
