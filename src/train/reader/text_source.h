// TextSource: the text of one file in blocks, gzip or plain, whichever its first bytes say.
#pragma once

#include "base/result.h"
#include "io/file_stream.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::train {

struct TextSourceOptions {
  size_t block_bytes = 1024 * 1024;  // at least 2, so that the first shows a file's magic
  size_t block_count = 4;            // at least 2; see io::FileStreamOptions
  size_t headroom_bytes = 64 * 1024;
};

/// open() and take() belong to one thread at a time, give_back() too.
class TextSource {
 public:
  /// A regular file: no pipe, device or directory.
  [[nodiscard]] static base::Result<TextSource> open(const std::string& path,
                                                     const TextSourceOptions& options = {});
  TextSource(TextSource&&) noexcept;
  TextSource& operator=(TextSource&&) noexcept;
  ~TextSource();

  /// The next block of text, of size 0 at the end. A gzip file that is damaged, or ends too early,
  /// is kCorrupt.
  [[nodiscard]] base::Result<io::FileBlock> take();
  void give_back(io::FileBlock block);

 private:
  class Inflater;
  TextSource(std::string path, io::FileStream stream, const TextSourceOptions& options);

  std::string path_;
  TextSourceOptions options_;
  io::FileStream stream_;
  io::FileBlock first_;  // looked at, not handed out yet
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace ringmaker::train
