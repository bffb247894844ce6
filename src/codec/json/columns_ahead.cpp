#include "codec/json/columns_ahead.h"

#include "codec/json/column_names.h"

#include <algorithm>
#include <utility>

namespace ringmaker::codec {
namespace {

/// A decoder at rest keeps no more than this.
constexpr size_t kKeptBytesMax = size_t{64} << 10U;

}  // namespace

void ColumnsAhead::reset() noexcept {
  looking_ = false;
  held_.clear();
  if (held_.capacity() > kKeptBytesMax) {
    std::string().swap(held_);
  }
  read_ = 0;
  columns_.reset();
}

void ColumnsAhead::begin(const JsonSplitter& splitter, uint64_t byte) {
  splitter_ = splitter;
  looking_ = true;
  looked_ = 0;
  array_.reset();
  begin_byte_ = byte;
}

size_t ColumnsAhead::look(std::string_view piece, bool last) {
  const size_t taken = std::min(piece.size(), kBytesMax - held_.size());
  held_ += piece.substr(0, taken);
  look_on(held_.size() == kBytesMax || (last && taken == piece.size()));
  return taken;
}

void ColumnsAhead::look_on(bool all) {
  using Token = JsonSplitter::Token;
  for (;;) {
    const Token token = splitter_.next(held_, looked_).token;
    if (token == Token::kNeedMore) {
      looking_ = !all && !splitter_.complete();
      return;
    }
    if (token == Token::kBeginArray && splitter_.key() == "columns") {
      array_ = looked_ - 1;
    } else if (token == Token::kEndArray && array_) {
      read_names(std::string_view(held_).substr(*array_, looked_ - *array_));
      looking_ = false;
      return;
    } else if (token != Token::kBeginArray && token != Token::kElement &&
               token != Token::kEndArray && token != Token::kValue) {
      looking_ = false;  // an error, which is found again where the text is read
      return;
    }
  }
}

void ColumnsAhead::read_names(std::string_view array) {
  std::string text(array);
  text.reserve(text.size() + wire::JsonEvents::kPadding);
  std::vector<std::string> names;
  ColumnNames reader(names);
  if (events_.parse(text, reader).outcome == wire::JsonOutcome::kComplete) {
    columns_ = std::move(names);
  }
}

void ColumnsAhead::drop(size_t bytes) {
  read_ += bytes;
  // Moving what is left costs less than was read since it was moved last.
  if (read_ > held_.size() / 2) {
    held_.erase(0, read_);
    begin_byte_ += read_;
    read_ = 0;
  }
}

}  // namespace ringmaker::codec
