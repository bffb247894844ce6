#include "base/atomic_file.h"

#include "tests/support/program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace ringmaker::base {
namespace {

/// A disk whose nth call goes wrong; calls are counted across all of them.
struct Disk {
  int calls = 0;
  int fail_at = 0;  // from 1; 0: never
  int error_number = EIO;
  size_t write_bytes_max = SIZE_MAX;
  bool interrupted = false;  // every other write gives EINTR

  bool fails() {
    if (++calls != fail_at) {
      return false;
    }
    errno = error_number;
    return true;
  }
};
Disk disk;  // FileCalls are plain functions

constexpr FileCalls kDiskCalls{
    .open = [](const char* path, int flags,
               mode_t mode) { return disk.fails() ? -1 : ::open(path, flags, mode); },
    .write = [](int descriptor, const void* bytes, size_t count) -> ssize_t {
      if (disk.fails()) {
        return -1;
      }
      if (disk.interrupted && disk.calls % 2 == 0) {
        errno = EINTR;
        return -1;
      }
      return ::write(descriptor, bytes, std::min(count, disk.write_bytes_max));
    },
    .fsync = [](int descriptor) { return disk.fails() ? -1 : ::fsync(descriptor); },
    .close =
        [](int descriptor) {
          ::close(descriptor);
          return disk.fails() ? -1 : 0;
        },
    .rename = [](const char* from,
                 const char* to) { return disk.fails() ? -1 : ::rename(from, to); }};

Result<void> write(const std::string& path, std::string_view text) {
  return write_file_atomically(path, std::as_bytes(std::span(text)), kDiskCalls);
}

TEST(AtomicFile, ReplacesTheOldFileAndLeavesNoTemporary) {
  const test::TemporaryDirectory root;
  const std::string path = root.path("a/b/file");
  ASSERT_TRUE(write_file_atomically(path, std::string_view("old")));
  ASSERT_TRUE(write_file_atomically(path, std::string_view("new")));
  EXPECT_EQ(root.read("a/b/file"), "new");
  EXPECT_FALSE(root.exists("a/b/.file.tmp"));
}

TEST(AtomicFile, ComesInPiecesAndIsSeenOnceItIsWhole) {
  const test::TemporaryDirectory root;
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  {
    auto file = AtomicFile::open(root.path("a/file")).value();
    ASSERT_TRUE(file.write(bytes("the ")));
    ASSERT_TRUE(file.write(bytes("whole")));
    EXPECT_FALSE(root.exists("a/file"));
    ASSERT_TRUE(file.commit());
  }
  EXPECT_EQ(root.read("a/file"), "the whole");
  {
    auto file = AtomicFile::open(root.path("a/file")).value();
    ASSERT_TRUE(file.write(bytes("half")));
  }
  EXPECT_EQ(root.read("a/file"), "the whole");
  EXPECT_FALSE(root.exists("a/.file.tmp"));
}

TEST(AtomicFile, AFailureLeavesTheOldFile) {
  const test::TemporaryDirectory root;
  root.write("file", "old");
  root.write("file.d/inside", "a directory cannot be replaced by a file");
  EXPECT_FALSE(write_file_atomically(root.path("file.d"), std::string_view("new")));
  EXPECT_TRUE(root.exists("file.d/inside"));
  EXPECT_FALSE(root.exists(".file.d.tmp"));
  EXPECT_FALSE(write_file_atomically(root.path("file/below"), std::string_view("new")));
  EXPECT_EQ(root.read("file"), "old");
}

TEST(AtomicFile, ShortAndInterruptedWritesAreContinued) {
  const test::TemporaryDirectory root;
  disk = {.write_bytes_max = 3, .interrupted = true};
  ASSERT_TRUE(write(root.path("file"), "the whole text"));
  EXPECT_EQ(root.read("file"), "the whole text");
}

TEST(AtomicFile, WhateverFailsTheOldFileOrTheNewOneStands) {
  disk = {};
  const test::TemporaryDirectory counted;
  ASSERT_TRUE(write(counted.path("file"), "new"));
  const int calls = disk.calls;
  ASSERT_GE(calls, 8) << "open, write, fsync, close, rename; open, fsync, close of the directory";
  for (const int error_number : {ENOSPC, EIO, EDQUOT}) {
    for (int at = 1; at <= calls; ++at) {
      for (const bool has_old : {true, false}) {
        const test::TemporaryDirectory root;
        if (has_old) {
          root.write("file", "old");
        }
        disk = {.fail_at = at, .error_number = error_number, .write_bytes_max = 2};
        const auto written = write(root.path("file"), "new");
        const bool replaced = root.exists("file") && root.read("file") == "new";
        if (!replaced) {
          EXPECT_FALSE(written) << "call " << at;
          EXPECT_EQ(root.exists("file"), has_old) << "call " << at;
          EXPECT_EQ(root.read("file"), has_old ? "old" : "") << "call " << at;
        }
        EXPECT_FALSE(root.exists(".file.tmp")) << "call " << at;
        if (!written) {
          EXPECT_EQ(written.error().code(),
                    error_number == ENOSPC ? ErrorCode::kExhausted : ErrorCode::kPlatform);
        }
      }
    }
  }
}

TEST(AtomicFile, AFailedFsyncIsNeitherRetriedNorIgnored) {
  const test::TemporaryDirectory root;
  disk = {.fail_at = 3};  // after open and write
  EXPECT_FALSE(write(root.path("file"), "new"));
  EXPECT_FALSE(root.exists("file"));
  EXPECT_EQ(disk.calls, 4) << "only the close follows";
}

TEST(AtomicFile, AFailedFsyncOfTheDirectoryIsAnError) {
  const test::TemporaryDirectory root;
  disk = {.fail_at = 7};
  EXPECT_FALSE(write(root.path("file"), "new"));
  disk = {.fail_at = 7, .error_number = EINVAL};
  EXPECT_TRUE(write(root.path("file"), "new")) << "a file system that cannot do it says so";
}

TEST(AtomicFile, DirectoriesThatWereCreatedAreSynchronisedToo) {
  const test::TemporaryDirectory root;
  disk = {};
  ASSERT_TRUE(write(root.path("file"), "new"));
  const int flat = disk.calls;
  disk = {};
  ASSERT_TRUE(write(root.path("a/b/file"), "new"));
  EXPECT_EQ(disk.calls, flat + 6) << "open, fsync and close of two more";
}

TEST(AtomicFile, APipeIsWrittenIntoAndStays) {
  const test::TemporaryDirectory root;
  const std::string pipe = root.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  const auto written = write_file_atomically(pipe, std::string_view("answers"));
  EXPECT_TRUE(written) << written.error().message();
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  std::string received(64, '\0');
  received.resize(
      static_cast<size_t>(std::max<ssize_t>(::read(reader, received.data(), received.size()), 0)));
  ::close(reader);
  EXPECT_EQ(received, "answers");
  EXPECT_FALSE(root.exists(".pipe.tmp"));
  EXPECT_TRUE(check_writable(pipe));
}

/// A twin of /dev/full, so that a mistake here replaces nothing that others need.
TEST(AtomicFile, ADeviceThatTakesNothingIsAnErrorAndStays) {
  const test::TemporaryDirectory root;
  const std::string device = root.path("full");
  if (::mknod(device.c_str(), S_IFCHR | 0600, ::makedev(1, 7)) != 0) {
    GTEST_SKIP() << "only root may make a device";
  }
  const auto written = write_file_atomically(device, std::string_view("answers"));
  EXPECT_TRUE(std::filesystem::is_character_file(device));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::kExhausted);
  EXPECT_THAT(written.error().message(), testing::HasSubstr("full: No space left on device"));
}

TEST(AtomicFile, ALinkIsFollowedAndStays) {
  const test::TemporaryDirectory root;
  root.write("real/file", "old");
  std::filesystem::create_symlink("real/file", root.path("link"));
  ASSERT_TRUE(write_file_atomically(root.path("link"), std::string_view("new")));
  EXPECT_TRUE(std::filesystem::is_symlink(root.path("link")));
  EXPECT_EQ(root.read("real/file"), "new");
}

TEST(AtomicFile, WhatCouldNotBeWrittenIsKnownBefore) {
  const test::TemporaryDirectory root;
  root.write("file", "");
  EXPECT_TRUE(check_writable(root.path("file")));
  EXPECT_TRUE(check_writable(root.path("new/deep/file")));
  EXPECT_FALSE(root.exists("new") || root.exists(".file.tmp")) << "asking leaves nothing behind";
}

TEST(AtomicFile, ADirectoryThatTakesNothingIsKnownBefore) {
  const test::TemporaryDirectory root;
  root.write("closed/inside", "");
  std::filesystem::permissions(root.path("closed"), std::filesystem::perms(0555));
  constexpr uid_t kNobody = 65534;
  const bool all_powerful = ::geteuid() == 0;
  ASSERT_TRUE(!all_powerful || ::seteuid(kNobody) == 0);
  const auto checked = check_writable(root.path("closed/below/file"));
  ASSERT_TRUE(!all_powerful || ::seteuid(0) == 0);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), ErrorCode::kPlatform);
  std::filesystem::permissions(root.path("closed"), std::filesystem::perms(0755));
}

TEST(AtomicFile, ADirectoryInTheFilesPlaceIsToldBeforeAnythingIsWritten) {
  const test::TemporaryDirectory root;
  root.write("file", "x");
  for (const auto& outcome :
       {check_writable(root.path()), write_file_atomically(root.path(), std::string_view("x"))}) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::kInvalidInput);
    EXPECT_THAT(outcome.error().message(), testing::EndsWith("it is a directory; name a file"));
  }
  const auto below_a_file = check_writable(root.path("file/below"));
  ASSERT_FALSE(below_a_file);
  EXPECT_EQ(below_a_file.error().code(), ErrorCode::kPlatform);
  EXPECT_THAT(below_a_file.error().message(), testing::EndsWith("/file is no directory"));
}

/// /proc is a directory that root has all permissions to, and takes no file.
TEST(AtomicFile, ADirectoryThatTakesNoFileThoughPermissionsSayItDoesIsKnownBefore) {
  for (const char* path : {"/proc/model", "/proc/below/model"}) {
    const auto checked = check_writable(path);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), ErrorCode::kPlatform);
    EXPECT_THAT(checked.error().message(),
                testing::HasSubstr(std::string("cannot write into /proc, for ") + path + ": "));
    const auto written = write_file_atomically(path, std::string_view("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::kPlatform) << "the same of writing";
  }
}

TEST(AtomicFile, TheStaleTemporaryOfAFileIsRemovedAndNothingElse) {
  const test::TemporaryDirectory root;
  const std::vector<std::string> others{"model",      "x.tmp",      ".hidden",
                                        ".draft.tmp", ".other.tmp", ".bash_history-123.tmp"};
  for (const std::string& name : others) {
    root.write(name, "");
  }
  root.write(".model.tmp", "");
  remove_stale_temporary(root.path("model"));
  remove_stale_temporary(root.path("none"));
  remove_stale_temporary(root.path("nowhere/model"));
  EXPECT_FALSE(root.exists(".model.tmp"));
  for (const std::string& name : others) {
    EXPECT_TRUE(root.exists(name)) << name;
  }
}

TEST(AtomicFile, TheStaleTemporaryOfALinkIsBesideWhatItLeadsTo) {
  const test::TemporaryDirectory root;
  root.write("there/model", "");
  root.write("there/.model.tmp", "");
  root.write(".link.tmp", "");
  std::filesystem::create_symlink(root.path("there/model"), root.path("link"));
  remove_stale_temporary(root.path("link"));
  EXPECT_FALSE(root.exists("there/.model.tmp"));
  EXPECT_TRUE(root.exists(".link.tmp"));
}

}  // namespace
}  // namespace ringmaker::base
