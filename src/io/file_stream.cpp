#include "io/file_stream.h"

#include "base/check.h"
#include "io/socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ringmaker::io {

class FileStream::Reader {
 public:
  Reader(std::string path, Descriptor file, Descriptor stop, bool is_pipe,
         const FileStreamOptions& options);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  base::Result<std::span<const char>> next();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };

  void run();
  bool fill(Block& block);
  bool wait_until_readable();
  void end_with(int error_number);

  const std::string path_;
  const Descriptor file_;
  const Descriptor stop_;
  const bool is_pipe_;
  const size_t block_bytes_;
  std::vector<Block>
      blocks_;  // a slot is the reader's until filled_ passes it, then the consumer's

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t filled_ = 0;    // blocks handed over so far
  uint64_t returned_ = 0;  // blocks given back so far
  bool stopping_ = false;
  bool ended_ = false;
  std::optional<base::Error> error_;

  bool lent_ = false;  // the consumer's own
  std::thread thread_;
};

FileStream::Reader::Reader(std::string path, Descriptor file, Descriptor stop, bool is_pipe,
                           const FileStreamOptions& options)
    : path_(std::move(path)),
      file_(std::move(file)),
      stop_(std::move(stop)),
      is_pipe_(is_pipe),
      block_bytes_(options.block_bytes),
      blocks_(options.block_count) {
  RM_CHECK(options.block_bytes > 0);
  RM_CHECK(options.block_count >= 2);
  for (Block& block : blocks_) {
    block.bytes = std::make_unique_for_overwrite<char[]>(block_bytes_);
  }
  thread_ = std::thread([this] { run(); });
}

FileStream::Reader::~Reader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void FileStream::Reader::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || filled_ - returned_ < blocks_.size(); });
      if (stopping_) {
        return;
      }
    }
    Block& block = blocks_[filled_ % blocks_.size()];
    block.size = 0;
    const bool more = fill(block);
    const std::lock_guard lock(mutex_);
    filled_ += block.size > 0 ? 1 : 0;
    ended_ = !more;
    changed_.notify_all();
    if (!more) {
      return;
    }
  }
}

/// False when there is nothing after this block: the end, an error, or a stop.
bool FileStream::Reader::fill(Block& block) {
  while (block.size < block_bytes_) {
    if (is_pipe_ && !wait_until_readable()) {
      return false;
    }
    const ssize_t got =
        ::read(file_.get(), block.bytes.get() + block.size, block_bytes_ - block.size);
    if (got > 0) {
      block.size += static_cast<size_t>(got);
      continue;
    }
    if (got == 0) {
      return false;
    }
    if (errno != EINTR && errno != EAGAIN) {
      end_with(errno);
      return false;
    }
  }
  return true;
}

/// A pipe without a writer reads as ended, so before the first one arrives only poll() can tell:
/// it reports a hang-up only once there has been a writer.
bool FileStream::Reader::wait_until_readable() {
  for (;;) {
    std::array<pollfd, 2> wanted{{{file_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    const int ready = ::poll(wanted.data(), wanted.size(), -1);
    if (ready < 0 && errno != EINTR) {
      end_with(errno);
      return false;
    }
    if (wanted[1].revents != 0) {
      return false;
    }
    if (ready > 0 && wanted[0].revents != 0) {
      return true;
    }
  }
}

void FileStream::Reader::end_with(int error_number) {
  const std::lock_guard lock(mutex_);
  error_ = base::system_error(error_number, fmt::format("cannot read {}", path_));
}

base::Result<std::span<const char>> FileStream::Reader::next() {
  std::unique_lock lock(mutex_);
  if (std::exchange(lent_, false)) {
    ++returned_;
    changed_.notify_all();
  }
  changed_.wait(lock, [this] { return ended_ || filled_ > returned_; });
  if (filled_ > returned_) {
    lent_ = true;
    const Block& block = blocks_[returned_ % blocks_.size()];
    return std::span<const char>(block.bytes.get(), block.size);
  }
  if (error_) {
    return base::fail(*error_);
  }
  return std::span<const char>();
}

FileStream::FileStream(std::unique_ptr<Reader> reader) noexcept : reader_(std::move(reader)) {}
FileStream::FileStream(FileStream&& other) noexcept = default;
FileStream& FileStream::operator=(FileStream&& other) noexcept = default;
FileStream::~FileStream() = default;

base::Result<FileStream> FileStream::open(const std::string& path,
                                          const FileStreamOptions& options) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    return base::fail(base::system_error(errno, fmt::format("cannot open {}", path)));
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    return base::fail(base::system_error(errno, fmt::format("cannot examine {}", path)));
  }
  const bool is_pipe = S_ISFIFO(status.st_mode);
  if (!is_pipe && !S_ISREG(status.st_mode)) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is neither a regular file nor a pipe", path));
  }
  if (!is_pipe) {
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  Descriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop) {
    return base::fail(base::system_error(errno, "cannot create an eventfd"));
  }
  return FileStream(
      std::make_unique<Reader>(path, std::move(file), std::move(stop), is_pipe, options));
}

base::Result<std::span<const char>> FileStream::next() { return reader_->next(); }

}  // namespace ringmaker::io
