#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace ringmaker::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".tmp";

/// Closes and removes what has not been kept.
class Temporary {
 public:
  Temporary(std::string path, const FileCalls& calls)
      : path_(std::move(path)),
        calls_(calls),
        descriptor_(calls.open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                               0644)) {}
  ~Temporary() {
    if (descriptor_ >= 0) {
      calls_.close(descriptor_);
    }
    if (!kept_) {
      ::unlink(path_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] int close() noexcept { return calls_.close(std::exchange(descriptor_, -1)); }
  void keep() noexcept { kept_ = true; }

 private:
  std::string path_;
  const FileCalls& calls_;
  int descriptor_;
  bool kept_ = false;
};

bool write_all(int descriptor, std::span<const std::byte> bytes, const FileCalls& calls) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = calls.write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      errno = written == 0 ? ENOSPC : errno;
      return false;
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

int sync_directory(const std::string& path, const FileCalls& calls) noexcept {
  const int descriptor = calls.open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0) {
    return errno;
  }
  const int result = calls.fsync(descriptor) == 0 ? 0 : errno;
  calls.close(descriptor);
  // Some file systems cannot synchronise a directory and say so; the file itself is safe.
  return result == EINVAL ? 0 : result;
}

/// Whatever it is, it is a matter of the place and not of what was asked for.
tl::unexpected<Error> failed(int error_number, std::string_view step, const std::string& path) {
  const Error error = system_error(error_number, fmt::format("cannot {} {}", step, path));
  return fail(error.code() == ErrorCode::kNotFound ? Error(ErrorCode::kPlatform, error.message())
                                                   : error);
}

tl::unexpected<Error> failed(std::string_view step, const std::string& path) {
  return failed(errno, step, path);
}

tl::unexpected<Error> is_a_directory(const std::string& path) {
  return fail(ErrorCode::kInvalidInput,
              fmt::format("cannot write {}: it is a directory; name a file", path));
}

/// A device, pipe or socket: it takes bytes, and a rename would put a file in its place.
bool takes_bytes_as_they_come(const std::string& path) noexcept {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/// The file that a link leads to, so that the link stays one: /dev/stdout is a link too.
fs::path followed(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::is_symlink(path, error) ? fs::canonical(path, error) : fs::path();
  return target.empty() ? fs::path(path) : target;
}

Result<void> sync_directories(const std::vector<std::string>& paths, const FileCalls& calls) {
  for (const std::string& path : paths) {
    if (const int error_number = sync_directory(path, calls); error_number != 0) {
      errno = error_number;
      return failed("synchronise", path);
    }
  }
  return {};
}

std::string parent_of(const fs::path& path) {
  return path.has_parent_path() && path.parent_path() != path ? path.parent_path().string() : ".";
}

/// Where the bytes of `final_name` stand until they are complete.
std::string temporary_of(const fs::path& final_name) {
  return fmt::format("{}/.{}{}", parent_of(final_name), final_name.filename().string(), kSuffix);
}

/// Creates `directory`. Returns the directories that have got a new entry by that.
Result<std::vector<std::string>> create_directories(const std::string& directory) {
  std::vector<std::string> changed;
  std::error_code error;
  for (fs::path at = directory; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    changed.push_back(parent_of(at));
  }
  fs::create_directories(directory, error);
  if (error) {
    return failed(error.value(), "create", directory);
  }
  return changed;
}

}  // namespace

const FileCalls& system_file_calls() noexcept {
  static constexpr FileCalls kCalls{
      .open = [](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); },
      .write = ::write,
      .fsync = ::fsync,
      .close = ::close,
      .rename = ::rename};
  return kCalls;
}

struct AtomicFile::Target {
  Target(std::string named, const FileCalls& how) : path(std::move(named)), calls(how) {}
  ~Target() {
    if (device >= 0) {
      calls.close(device);
    }
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  [[nodiscard]] int descriptor() const noexcept {
    return temporary ? temporary->descriptor() : device;
  }

  std::string path;  // as it was named, for errors
  const FileCalls& calls;
  int device = -1;  // what takes bytes as they come
  // Or a file: where it is written, where it will stand, and which directories that changes.
  std::optional<Temporary> temporary = {};
  std::string temporary_name = {};
  fs::path final_name = {};
  std::vector<std::string> changed = {};
};

AtomicFile::AtomicFile(std::unique_ptr<Target> target) : target_(std::move(target)) {}
AtomicFile::AtomicFile(AtomicFile&& other) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept = default;
AtomicFile::~AtomicFile() = default;

Result<AtomicFile> AtomicFile::open(const std::string& path, const FileCalls& calls) {
  auto target = std::make_unique<Target>(path, calls);
  if (takes_bytes_as_they_come(path)) {
    target->device = calls.open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
  } else {
    target->final_name = followed(path);
    std::error_code error;
    if (fs::is_directory(target->final_name, error)) {
      return is_a_directory(path);
    }
    const std::string directory = parent_of(target->final_name);
    RM_ASSIGN(target->changed, create_directories(directory));
    target->changed.insert(target->changed.begin(), directory);
    target->temporary_name = temporary_of(target->final_name);
    target->temporary.emplace(target->temporary_name, calls);
  }
  if (target->descriptor() < 0) {
    return failed("write", path);
  }
  return AtomicFile(std::move(target));
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  return write_all(target_->descriptor(), bytes, target_->calls) ? Result<void>()
                                                                 : failed("write", target_->path);
}

Result<void> AtomicFile::commit() {
  const FileCalls& calls = target_->calls;
  const bool is_file = target_->temporary.has_value();
  // A failed fsync is final: what it did not write may be marked clean, and a second one succeed.
  // Pipes and most devices have nothing to synchronise, and say so.
  if (calls.fsync(target_->descriptor()) != 0 &&
      (is_file || (errno != EINVAL && errno != EROFS && errno != ENOTSUP))) {
    return failed("synchronise", target_->path);
  }
  if ((is_file ? target_->temporary->close() : calls.close(std::exchange(target_->device, -1))) !=
      0) {
    return failed("close", target_->path);
  }
  if (!is_file) {
    return {};
  }
  if (calls.rename(target_->temporary_name.c_str(), target_->final_name.c_str()) != 0) {
    return failed("rename to", target_->path);
  }
  target_->temporary->keep();
  return sync_directories(target_->changed, calls);
}

Result<void> write_file_atomically(const std::string& path, std::span<const std::byte> bytes,
                                   const FileCalls& calls) {
  RM_ASSIGN(AtomicFile file, AtomicFile::open(path, calls));
  RM_TRY(file.write(bytes));
  return file.commit();
}

Result<void> write_file_atomically(const std::string& path, std::string_view text) {
  return write_file_atomically(path, std::as_bytes(std::span(text)));
}

Result<void> check_writable(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return is_a_directory(path);
  }
  if (takes_bytes_as_they_come(path)) {
    return {};
  }
  fs::path directory = parent_of(followed(path));
  while (!fs::exists(fs::symlink_status(directory, error)) && parent_of(directory) != directory) {
    directory = parent_of(directory);
  }
  if (!fs::is_directory(directory, error)) {
    if (!error) {
      return fail(ErrorCode::kPlatform,
                  fmt::format("cannot write {}: {} is no directory", path, directory.string()));
    }
    return failed(error.value(), "write", path);
  }
  // Permissions are not all of it: root has them everywhere, and a disk may have no room.
  const std::string name = temporary_of(directory / fs::path(path).filename());
  const FileCalls& calls = system_file_calls();
  Temporary temporary(name, calls);
  constexpr std::byte kAny{0};
  if (temporary.descriptor() < 0 || !write_all(temporary.descriptor(), {&kAny, 1}, calls) ||
      calls.fsync(temporary.descriptor()) != 0) {
    return failed(fmt::format("write into {}, for", directory.string()), path);
  }
  return {};
}

void remove_stale_temporary(const std::string& path) noexcept {
  ::unlink(temporary_of(followed(path)).c_str());
}

}  // namespace ringmaker::base
