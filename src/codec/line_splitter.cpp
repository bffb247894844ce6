#include "codec/line_splitter.h"

#include "wire/utf8.h"

namespace ringmaker::codec {

void LineSplitter::reset() noexcept {
  kept_.clear();
  kept_is_line_ = false;
  skips_line_ = false;
  line_is_kept_ = false;
  line_ = {};
  line_byte_ = 0;
  payload_bytes_ = 0;
}

LineSplitter::Found LineSplitter::next(std::string_view piece, bool last, size_t& at) {
  if (kept_is_line_) {
    kept_is_line_ = false;
    line_is_kept_ = true;
    line_ = kept_;
    return Found::kLine;
  }
  if (line_is_kept_) {
    line_is_kept_ = false;
    kept_.clear();
  }
  if (skips_line_) {
    const size_t end = piece.find('\n', at);
    const size_t skipped = (end == std::string_view::npos ? piece.size() : end + 1) - at;
    skips_line_ = end == std::string_view::npos;
    at += skipped;
    payload_bytes_ += skipped;
  }
  const std::string_view rest = piece.substr(at);
  const size_t newline = rest.find('\n');
  const std::string_view part = rest.substr(0, newline);
  if (kept_.empty()) {
    line_byte_ = payload_bytes_;
  }
  if (kept_.size() + part.size() > line_bytes_max_) {
    return Found::kTooLong;
  }
  const size_t taken = part.size() + (newline == std::string_view::npos ? 0 : 1);
  at += taken;
  payload_bytes_ += taken;
  if (newline == std::string_view::npos && (!last || kept_.size() + part.size() == 0)) {
    kept_ += part;
    return Found::kNothing;
  }
  line_ = part;
  if (!kept_.empty()) {
    kept_ += part;
    line_ = kept_;
    line_is_kept_ = true;
  }
  if (line_byte_ == 0 && line_.starts_with(wire::kByteOrderMark)) {
    line_.remove_prefix(wire::kByteOrderMark.size());
    line_byte_ = wire::kByteOrderMark.size();
  }
  return Found::kLine;
}

void LineSplitter::skip_line() noexcept {
  kept_.clear();
  skips_line_ = true;
}

void LineSplitter::put_back() {
  if (!line_is_kept_) {
    kept_ = line_;
  } else if (line_.size() < kept_.size()) {
    kept_.erase(0, kept_.size() - line_.size());
  }
  line_is_kept_ = false;
  kept_is_line_ = true;
}

}  // namespace ringmaker::codec
