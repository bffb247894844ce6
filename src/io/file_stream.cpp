#include "io/file_stream.h"

#include "base/check.h"
#include "base/thread.h"
#include "io/socket.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
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

  base::Result<FileBlock> take();
  void give_back(FileBlock block);

 private:
  void run();
  bool fill(FileBlock& block);
  bool wait_until_readable();
  void end_with(int error_number);

  const std::string path_;
  const Descriptor file_;
  const Descriptor stop_;
  const bool is_pipe_;
  const size_t block_bytes_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FileBlock> free_;
  std::deque<FileBlock> filled_;
  bool stopping_ = false;
  bool ended_ = false;
  std::optional<base::Error> error_;

  std::thread thread_;
};

FileStream::Reader::Reader(std::string path, Descriptor file, Descriptor stop, bool is_pipe,
                           const FileStreamOptions& options)
    : path_(std::move(path)),
      file_(std::move(file)),
      stop_(std::move(stop)),
      is_pipe_(is_pipe),
      block_bytes_(options.block_bytes) {
  RM_CHECK(options.block_bytes > 0);
  RM_CHECK(options.block_count >= 2);
  for (size_t i = 0; i < options.block_count; ++i) {
    free_.push_back(
        {std::make_unique_for_overwrite<char[]>(options.headroom_bytes + options.block_bytes),
         options.headroom_bytes, 0});
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
    FileBlock block;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !free_.empty(); });
      if (stopping_) {
        return;
      }
      block = std::move(free_.back());
      free_.pop_back();
    }
    block.size = 0;
    const bool more = fill(block);
    const std::lock_guard lock(mutex_);
    if (block.size > 0) {
      filled_.push_back(std::move(block));
    }
    ended_ = !more;
    changed_.notify_all();
    if (!more) {
      return;
    }
  }
}

/// False when there is nothing after this block: the end, an error, or a stop.
bool FileStream::Reader::fill(FileBlock& block) {
  while (block.size < block_bytes_) {
    if (is_pipe_ && !wait_until_readable()) {
      return false;
    }
    const ssize_t got = ::read(file_.get(), block.data() + block.size, block_bytes_ - block.size);
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

base::Result<FileBlock> FileStream::Reader::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !filled_.empty(); });
  if (!filled_.empty()) {
    FileBlock block = std::move(filled_.front());
    filled_.pop_front();
    return block;
  }
  if (error_) {
    return base::fail(*error_);
  }
  return FileBlock();
}

void FileStream::Reader::give_back(FileBlock block) {
  if (block.memory == nullptr) {
    return;
  }
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(block));
  changed_.notify_all();
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
  if (is_pipe && !options.accept_pipe) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is a pipe; a regular file is needed", path));
  }
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
  try {
    return FileStream(
        std::make_unique<Reader>(path, std::move(file), std::move(stop), is_pipe, options));
  } catch (const std::system_error& error) {
    return base::fail(base::thread_error(error).within(path));
  }
}

base::Result<FileBlock> FileStream::take() { return reader_->take(); }

void FileStream::give_back(FileBlock block) { reader_->give_back(std::move(block)); }

base::Result<std::span<const char>> FileStream::next() {
  reader_->give_back(std::exchange(lent_, {}));
  RM_ASSIGN(lent_, reader_->take());
  return std::span<const char>(lent_.data(), lent_.size);
}

}  // namespace ringmaker::io
