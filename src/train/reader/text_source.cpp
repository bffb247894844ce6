#include "train/reader/text_source.h"

#include "base/check.h"
#include "wire/inflater.h"

#include <fmt/core.h>

#include <optional>
#include <string_view>
#include <utility>

namespace ringmaker::train {
namespace {

constexpr size_t kMagicBytes = 2;  // of gzip

}  // namespace

/// Members of a gzip file, one behind the other, to blocks of text.
class TextSource::Inflater {
 public:
  Inflater(std::string path, const TextSourceOptions& options)
      : path_(std::move(path)),
        options_(options),
        inflater_(wire::make_inflater(wire::Coding::kGzip)) {}

  /// `compressed` is the first block of `stream`, once. Text before a damaged place comes first:
  /// what is wrong with it is told whatever the size of the blocks.
  base::Result<io::FileBlock> take(io::FileStream& stream, io::FileBlock compressed) {
    if (compressed.size > 0) {
      feed(std::move(compressed));
    }
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): a unique_ptr owns it on every way.
    io::FileBlock text = free_block();
    if (!damage_) {
      const base::Result<void> filled = fill(stream, text);
      if (!filled) {
        damage_ = filled.error();
      }
    }
    if (damage_ && text.size == 0) {
      return base::fail(*damage_);
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
    rest_ = {compressed_.data(), compressed_.size};
    begun_ = true;
  }

  base::Result<void> fill(io::FileStream& stream, io::FileBlock& text) {
    while (text.size < options_.block_bytes) {
      if (rest_.empty()) {
        stream.give_back(std::exchange(compressed_, {}));
        RM_ASSIGN(io::FileBlock next, stream.take());
        if (next.size == 0) {
          if (begun_ && !inflater_->at_end()) {
            return base::fail(base::ErrorCode::kCorrupt,
                              fmt::format("{} is damaged: its gzip stream ends too early", path_));
          }
          return {};
        }
        feed(std::move(next));
      }
      RM_TRY(inflate(text));
    }
    return {};
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
    const wire::InflateStep step =
        inflater_->step(rest_, {text.data() + text.size, options_.block_bytes - text.size});
    rest_.remove_prefix(step.consumed);
    text.size += step.produced;
    if (step.broken) {
      return base::fail(base::ErrorCode::kCorrupt,
                        fmt::format("{} is damaged: {}", path_, inflater_->problem()));
    }
    return {};
  }

  std::string path_;
  TextSourceOptions options_;
  std::unique_ptr<wire::Inflater> inflater_;
  io::FileBlock compressed_;
  std::string_view rest_;  // of compressed_, still to be inflated
  bool begun_ = false;
  std::optional<base::Error> damage_;
  std::vector<io::FileBlock> free_;
};

TextSource::TextSource(std::string path, io::FileStream stream, const TextSourceOptions& options)
    : path_(std::move(path)), options_(options), stream_(std::move(stream)) {}
TextSource::TextSource(TextSource&&) noexcept = default;
TextSource& TextSource::operator=(TextSource&&) noexcept = default;
TextSource::~TextSource() = default;

base::Result<TextSource> TextSource::open(const std::string& path,
                                          const TextSourceOptions& options) {
  RM_CHECK(options.block_bytes >= kMagicBytes);
  RM_ASSIGN(io::FileStream stream,
            io::FileStream::open(path, {.block_bytes = options.block_bytes,
                                        .block_count = options.block_count,
                                        .headroom_bytes = options.headroom_bytes,
                                        .accept_pipe = false}));
  TextSource source(path, std::move(stream), options);
  RM_ASSIGN(source.first_, source.stream_.take());
  const std::string_view start(source.first_.data(), source.first_.size);
  if (wire::coding_of(start) == wire::Coding::kGzip) {
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
