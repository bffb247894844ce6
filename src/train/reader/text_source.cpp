#include "train/reader/text_source.h"

#include "base/check.h"

#include <fmt/format.h>
#include <zlib.h>

#include <string_view>
#include <utility>

namespace ringmaker::train {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";

}  // namespace

/// Members of a gzip file, one behind the other, to blocks of text.
class TextSource::Inflater {
 public:
  Inflater(std::string path, const TextSourceOptions& options)
      : path_(std::move(path)), options_(options) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ready_ = ::inflateInit2(&state_, kGzipOnly) == Z_OK;
  }
  ~Inflater() { ::inflateEnd(&state_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// `compressed` is the first block of `stream`, once.
  base::Result<io::FileBlock> take(io::FileStream& stream, io::FileBlock compressed) {
    if (!ready_) {
      return base::fail(base::ErrorCode::kExhausted, "there is no memory to read gzip with");
    }
    if (compressed.size > 0) {
      feed(std::move(compressed));
    }
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): a unique_ptr owns it on every way.
    io::FileBlock text = free_block();
    while (text.size < options_.block_bytes) {
      if (state_.avail_in == 0) {
        stream.give_back(std::exchange(compressed_, {}));
        RM_ASSIGN(io::FileBlock next, stream.take());
        if (next.size == 0) {
          if (inside_member_) {
            return base::fail(base::ErrorCode::kCorrupt,
                              fmt::format("{} is damaged: its gzip stream ends too early", path_));
          }
          break;
        }
        feed(std::move(next));
      }
      RM_TRY(inflate(text));
    }
    return text;
  }

  void give_back(io::FileBlock block) {
    if (block.memory != nullptr) {
      free_.push_back(std::move(block));
    }
  }

 private:
  void feed(io::FileBlock block) {
    compressed_ = std::move(block);
    state_.next_in = reinterpret_cast<Bytef*>(compressed_.data());
    state_.avail_in = static_cast<uInt>(compressed_.size);
  }

  io::FileBlock free_block() {
    if (free_.empty()) {
      return {
          std::make_unique_for_overwrite<char[]>(options_.headroom_bytes + options_.block_bytes),
          options_.headroom_bytes, 0};
    }
    io::FileBlock block = std::move(free_.back());
    free_.pop_back();
    block.size = 0;
    return block;
  }

  base::Result<void> inflate(io::FileBlock& text) {
    const size_t room = options_.block_bytes - text.size;
    state_.next_out = reinterpret_cast<Bytef*>(text.data() + text.size);
    state_.avail_out = static_cast<uInt>(room);
    inside_member_ = true;
    const int status = ::inflate(&state_, Z_NO_FLUSH);
    text.size += room - state_.avail_out;
    if (status == Z_STREAM_END) {
      inside_member_ = false;
      ::inflateReset(&state_);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return base::fail(
          base::ErrorCode::kCorrupt,
          fmt::format("{} is damaged: {}", path_,
                      state_.msg != nullptr ? state_.msg : "its gzip stream makes no sense"));
    }
    return {};
  }

  std::string path_;
  TextSourceOptions options_;
  z_stream state_{};
  bool ready_ = false;
  bool inside_member_ = false;
  io::FileBlock compressed_;
  std::vector<io::FileBlock> free_;
};

TextSource::TextSource(std::string path, io::FileStream stream, const TextSourceOptions& options)
    : path_(std::move(path)), options_(options), stream_(std::move(stream)) {}
TextSource::TextSource(TextSource&&) noexcept = default;
TextSource& TextSource::operator=(TextSource&&) noexcept = default;
TextSource::~TextSource() = default;

base::Result<TextSource> TextSource::open(const std::string& path,
                                          const TextSourceOptions& options) {
  RM_CHECK(options.block_bytes >= kGzipMagic.size());
  RM_ASSIGN(io::FileStream stream,
            io::FileStream::open(path, {.block_bytes = options.block_bytes,
                                        .block_count = options.block_count,
                                        .headroom_bytes = options.headroom_bytes,
                                        .accept_pipe = false}));
  TextSource source(path, std::move(stream), options);
  RM_ASSIGN(source.first_, source.stream_.take());
  const std::string_view start(source.first_.data(), source.first_.size);
  if (start.starts_with(kGzipMagic)) {
    source.inflater_ = std::make_unique<Inflater>(path, options);
  }
  return source;
}

base::Result<io::FileBlock> TextSource::take() {
  io::FileBlock first = std::exchange(first_, {});
  if (inflater_ != nullptr) {
    return inflater_->take(stream_, std::move(first));
  }
  return first.size > 0 ? base::Result<io::FileBlock>(std::move(first)) : stream_.take();
}

void TextSource::give_back(io::FileBlock block) {
  if (inflater_ != nullptr) {
    inflater_->give_back(std::move(block));
  } else {
    stream_.give_back(std::move(block));
  }
}

}  // namespace ringmaker::train
