// Atomic files: a file under its final name is complete, whatever happens.
//
// Written under a temporary name in the same directory, synchronised, renamed; the directory is
// synchronised too. On failure the temporary is removed and the old file, if any, stands. A link is
// followed and stays. What is no file and no directory (a device, a pipe) is written into instead:
// it has no old content to keep, and must not be replaced.
#pragma once

#include "base/result.h"

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::base {

/// The calls by which bytes reach the disk, so that tests can let each of them fail.
struct FileCalls {
  int (*open)(const char* path, int flags, mode_t mode);
  ssize_t (*write)(int descriptor, const void* bytes, size_t count);
  int (*fsync)(int descriptor);
  int (*close)(int descriptor);
  int (*rename)(const char* from, const char* to);
};
[[nodiscard]] const FileCalls& system_file_calls() noexcept;

/// A file that comes in pieces. Without a commit() none of them stands under its name.
class AtomicFile {
 public:
  /// Creates missing directories. Errors of all steps are those of write_file_atomically().
  [[nodiscard]] static Result<AtomicFile> open(const std::string& path,
                                               const FileCalls& calls = system_file_calls());
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();

  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  /// The last call: the file stands under its name.
  [[nodiscard]] Result<void> commit();

 private:
  struct Target;
  explicit AtomicFile(std::unique_ptr<Target> target);

  std::unique_ptr<Target> target_;
};

/// Creates missing directories, and synchronises those it was created in. kExhausted when the disk
/// is full, kPlatform otherwise. After an error the old file, the new one or, where there was no
/// old one, none stands there, whole.
[[nodiscard]] Result<void> write_file_atomically(const std::string& path,
                                                 std::span<const std::byte> bytes,
                                                 const FileCalls& calls = system_file_calls());
[[nodiscard]] Result<void> write_file_atomically(const std::string& path, std::string_view text);

/// Whether write_file_atomically(path) may succeed, as an attempt shows that leaves nothing behind:
/// so that hours of work do not end with a directory that takes nothing.
[[nodiscard]] Result<void> check_writable(const std::string& path);

/// Removes what a writer of `path` that was killed has left beside it, and nothing else: other
/// files there are other people's, whatever their names.
void remove_stale_temporary(const std::string& path) noexcept;

}  // namespace ringmaker::base
