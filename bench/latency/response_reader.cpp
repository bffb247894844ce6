#include "bench/latency/response_reader.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace ringmaker::latency {
namespace {

constexpr size_t kHeadBytesMax = 64 * 1024;

/// The value of a header of `head`, without leading blanks; empty when there is none.
std::string_view header_value(std::string_view head, std::string_view name) noexcept {
  size_t line = head.find("\r\n");
  while (line != std::string_view::npos && line + 2 < head.size()) {
    std::string_view rest = head.substr(line + 2);
    if (rest.size() > name.size() && rest[name.size()] == ':' &&
        strncasecmp(rest.data(), name.data(), name.size()) == 0) {
      std::string_view value = rest.substr(name.size() + 1);
      value = value.substr(0, value.find("\r\n"));
      return value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
    line = head.find("\r\n", line + 2);
  }
  return {};
}

bool parse_unsigned(std::string_view text, int base, uint64_t& value) noexcept {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end != text.data();
}

}  // namespace

void ResponseReader::reset() noexcept {
  state_ = State::kHead;
  head_.clear();
  status_ = 0;
  chunked_ = false;
  left_ = 0;
  chunk_line_.clear();
  last_chunk_ = false;
  body_bytes_ = 0;
}

size_t ResponseReader::read(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && (state_ == State::kHead || state_ == State::kBody)) {
    std::string_view rest = bytes.substr(used);
    if (state_ == State::kHead) {
      used += read_head(rest);
    } else {
      used += chunked_ ? read_chunked(rest) : read_sized(rest);
    }
  }
  return used;
}

size_t ResponseReader::read_head(std::string_view bytes) {
  if (head_.empty()) {  // the usual case: the whole head is here
    size_t end = bytes.find("\r\n\r\n");
    if (end != std::string_view::npos) {
      parse_head(bytes.substr(0, end + 2));
      return end + 4;
    }
  }
  size_t before = head_.size();
  head_.append(bytes);
  size_t end = head_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (head_.size() > kHeadBytesMax) {
      state_ = State::kBroken;
    }
    return bytes.size();
  }
  parse_head(std::string_view(head_).substr(0, end + 2));
  return end + 4 - before;
}

void ResponseReader::parse_head(std::string_view head) noexcept {
  uint64_t status = 0;
  if (!head.starts_with("HTTP/1.") || head.size() < 12 ||
      !parse_unsigned(head.substr(9, 3), 10, status)) {
    state_ = State::kBroken;
    return;
  }
  status_ = static_cast<int>(status);
  chunked_ = header_value(head, "transfer-encoding") == "chunked";
  if (!chunked_ && status != 204 &&
      !parse_unsigned(header_value(head, "content-length"), 10, left_)) {
    state_ = State::kBroken;
    return;
  }
  body_bytes_ = left_;
  state_ = chunked_ || left_ > 0 ? State::kBody : State::kComplete;
}

size_t ResponseReader::read_sized(std::string_view bytes) noexcept {
  size_t taken = std::min<uint64_t>(left_, bytes.size());
  left_ -= taken;
  if (left_ == 0) {
    state_ = State::kComplete;
  }
  return taken;
}

size_t ResponseReader::read_chunked(std::string_view bytes) noexcept {
  if (left_ > 0) {
    size_t taken = std::min<uint64_t>(left_, bytes.size());
    left_ -= taken;
    return taken;
  }
  chunk_line_.push_back(bytes.front());
  if (chunk_line_.ends_with("\r\n")) {
    end_chunk_line();
  } else if (chunk_line_.size() > kHeadBytesMax) {
    state_ = State::kBroken;
  }
  return 1;
}

void ResponseReader::end_chunk_line() noexcept {
  uint64_t size = 0;
  if (last_chunk_) {
    state_ = chunk_line_ == "\r\n" ? State::kComplete : State::kBody;  // else a trailer field
  } else if (!parse_unsigned(chunk_line_, 16, size)) {
    state_ = State::kBroken;
  } else if (size == 0) {
    last_chunk_ = true;
  } else {
    left_ = size + 2;
    body_bytes_ += size;
  }
  chunk_line_.clear();
}

}  // namespace ringmaker::latency
