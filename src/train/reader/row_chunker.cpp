#include "train/reader/row_chunker.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace ringmaker::train {

size_t last_row_end(std::string_view text, bool& quoted) noexcept {
  const bool begins_quoted = quoted;
  if (std::memchr(text.data(), '"', text.size()) == nullptr) {
    const size_t newline = begins_quoted ? std::string_view::npos : text.rfind('\n');
    return newline == std::string_view::npos ? 0 : newline + 1;
  }
  quoted ^= std::count(text.begin(), text.end(), '"') % 2 != 0;
  // Backwards from the end, where it is known whether we are in quotes.
  bool inside = quoted;
  for (size_t i = text.size(); i > 0; --i) {
    if (text[i - 1] == '"') {
      inside = !inside;
    } else if (text[i - 1] == '\n' && !inside) {
      return i;
    }
  }
  return 0;
}

base::Result<bool> RowChunker::next(RowChunk& chunk) {
  source_.give_back(std::exchange(chunk.block, {}));
  for (;;) {
    RM_ASSIGN(io::FileBlock block, source_.take());
    if (block.size == 0) {
      chunk.own = std::exchange(carry_, {});
      chunk.text = chunk.own;
      return !chunk.text.empty();
    }
    const std::string_view text(block.data(), block.size);
    const size_t cut = last_row_end(text, quoted_);
    if (cut == 0) {
      carry_ += text;
      source_.give_back(std::move(block));
      if (carry_.size() > kRowBytesMax) {
        return base::fail(base::ErrorCode::kInvalidInput,
                          fmt::format("a row is longer than {} MiB; is a quote not closed, or do "
                                      "rows end in carriage returns alone?",
                                      kRowBytesMax >> 20U));
      }
      continue;
    }
    std::string rest(text.substr(cut));
    if (carry_.size() <= block.headroom) {
      char* const begin = block.data() - carry_.size();
      std::memcpy(begin, carry_.data(), carry_.size());
      chunk.text = {begin, carry_.size() + cut};
      chunk.block = std::move(block);
    } else {
      chunk.own = std::move(carry_);
      chunk.own += text.substr(0, cut);
      chunk.text = chunk.own;
      source_.give_back(std::move(block));
    }
    carry_ = std::move(rest);
    return true;
  }
}

}  // namespace ringmaker::train
