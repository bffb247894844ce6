#include "train/reader/text_blocks.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

namespace ringmaker::train {

void TextBlocks::Close::operator()(void* file) const noexcept {
  ::gzclose(static_cast<gzFile>(file));
}

base::Result<TextBlocks> TextBlocks::open(const std::string& path) {
  // zlib reads what is not gzip as it is.
  gzFile file = ::gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    return base::fail(base::system_error(errno, fmt::format("cannot open {}", path)));
  }
  ::gzbuffer(file, 256 * 1024);
  return TextBlocks(path, file);
}

base::Result<void> TextBlocks::read_more() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  buffer_.resize(end_ + kBlockBytes);
  auto* file = static_cast<gzFile>(file_.get());
  const int got = ::gzread(file, buffer_.data() + end_, kBlockBytes);
  if (got < 0) {
    int code = 0;
    const std::string reason = ::gzerror(file, &code);
    return base::fail(code == Z_ERRNO
                          ? base::system_error(errno, fmt::format("cannot read {}", path_))
                          : base::Error(base::ErrorCode::kCorrupt,
                                        fmt::format("{} is damaged: {}", path_, reason)));
  }
  end_ += static_cast<size_t>(got);
  at_end_ = got == 0;
  return {};
}

}  // namespace ringmaker::train
