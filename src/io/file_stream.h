// FileStream: the blocks of a file or a pipe, read ahead of their consumer.
//
// A thread of its own fills a small ring of blocks while the consumer works on the oldest, so that
// reading and parsing overlap. Blocks are cut anywhere; all but the last are full. Memory is fixed:
// (headroom_bytes + block_bytes) × block_count. Blocks are lent, not copied: in front of each lies
// headroom that is the consumer's to write to, so that what the block before left over can be put
// right before what follows it.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace ringmaker::io {

struct FileStreamOptions {
  size_t block_bytes = 512 * 1024;
  size_t block_count = 4;     // at least 2: one at the consumer, the others ahead
  size_t headroom_bytes = 0;  // in front of each block
  bool accept_pipe = true;    // otherwise a FIFO is an error
};

/// `headroom` writable bytes and, behind them, `size` bytes of the file. Of size 0: none.
struct FileBlock {
  std::unique_ptr<char[]> memory;
  size_t headroom = 0;
  size_t size = 0;

  [[nodiscard]] char* data() const noexcept { return memory.get() + headroom; }
};

/// open(), take(), next() and the destructor belong to one thread at a time; give_back() to any.
class FileStream {
 public:
  /// A regular file, or a FIFO whose writer may come later. Anything else is kInvalidInput.
  [[nodiscard]] static base::Result<FileStream> open(const std::string& path,
                                                     const FileStreamOptions& options = {});
  FileStream(FileStream&& other) noexcept;
  FileStream& operator=(FileStream&& other) noexcept;
  /// Stops reading, also of a pipe that is silent.
  ~FileStream();

  /// The next block; of size 0 at the end. An error comes after the blocks that were read before
  /// it, and then again at each call. At most block_count blocks may be out: each is given back, or
  /// the stream ends with them.
  [[nodiscard]] base::Result<FileBlock> take();
  /// Of this stream; a block without memory is ignored.
  void give_back(FileBlock block);

  /// take() for those who need one block at a time: valid until the following call.
  [[nodiscard]] base::Result<std::span<const char>> next();

 private:
  class Reader;
  explicit FileStream(std::unique_ptr<Reader> reader) noexcept;
  std::unique_ptr<Reader> reader_;
  FileBlock lent_;
};

}  // namespace ringmaker::io
