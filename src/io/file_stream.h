// FileStream: the blocks of a file or a pipe, read ahead of their consumer.
//
// A thread of its own fills a small ring of blocks while the consumer works on the oldest, so that
// reading and parsing overlap. Blocks are cut anywhere; all but the last are full. Memory is fixed:
// block_bytes × block_count.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace ringmaker::io {

struct FileStreamOptions {
  size_t block_bytes = 512 * 1024;
  size_t block_count = 4;  // at least 2: one at the consumer, the others ahead
};

/// open(), next() and the destructor belong to one thread.
class FileStream {
 public:
  /// A regular file, or a FIFO whose writer may come later. Anything else is kInvalidInput.
  [[nodiscard]] static base::Result<FileStream> open(const std::string& path,
                                                     const FileStreamOptions& options = {});
  FileStream(FileStream&& other) noexcept;
  FileStream& operator=(FileStream&& other) noexcept;
  /// Stops reading, also of a pipe that is silent.
  ~FileStream();

  /// The next block, valid until the following call; empty at the end. An error comes after the
  /// blocks that were read before it, and then again at each call.
  [[nodiscard]] base::Result<std::span<const char>> next();

 private:
  class Reader;
  explicit FileStream(std::unique_ptr<Reader> reader) noexcept;
  std::unique_ptr<Reader> reader_;
};

}  // namespace ringmaker::io
