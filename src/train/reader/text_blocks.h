// TextBlocks: a file as blocks of text, gzip or plain, whichever it is.
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace ringmaker::train {

/// Not thread-safe.
class TextBlocks {
 public:
  static constexpr size_t kBlockBytes = 1024 * 1024;

  [[nodiscard]] static base::Result<TextBlocks> open(const std::string& path);

  /// What has not been consumed, as far as it has been read.
  [[nodiscard]] std::string_view text() const noexcept {
    return {buffer_.data() + begin_, end_ - begin_};
  }
  [[nodiscard]] bool at_end() const noexcept { return at_end_; }
  void consume(size_t bytes) noexcept { begin_ += bytes; }
  /// Reads the next block behind what is left. Requires !at_end().
  [[nodiscard]] base::Result<void> read_more();

 private:
  struct Close {
    void operator()(void* file) const noexcept;
  };
  TextBlocks(std::string path, void* file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  std::unique_ptr<void, Close> file_;
  std::string buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace ringmaker::train
