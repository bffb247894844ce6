#include "http/head_gate.h"

#include "http/ascii.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringmaker::http {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest one");
static_assert(kHeadBytesMax + 2 * kEmptyLinesMax <= UINT16_MAX, "places are 16 bits wide");

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

uint64_t load8(const char* from) noexcept {
  uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Eight bytes at a time: in each byte of the result the high bit is set where the byte of `word`
// is below `bound` (<= 0x80), or equal to `value`. A borrow may set it wrongly in bytes above the
// first match, never below, so the lowest bit set is always right.
constexpr uint64_t below(uint64_t word, uint8_t bound) noexcept {
  return (word - kOnes * bound) & ~word & kHighs;
}
constexpr uint64_t equal(uint64_t word, uint8_t value) noexcept {
  return below(word ^ (kOnes * value), 1);
}

/// The first byte in [from, end) that may not stand in a field value, or end.
const char* skip_text(const char* from, const char* end) noexcept {
  while (end - from >= 8) {
    const uint64_t word = load8(from);
    const uint64_t suspects = below(word, 0x20) | equal(word, 0x7f);
    if (suspects == 0) {
      from += 8;
      continue;
    }
    from += std::countr_zero(suspects) / 8;
    if (*from != '\t') return from;
    ++from;
  }
  while (from != end && is_text_byte(*from)) ++from;
  return from;
}

/// The first byte in [from, end) that is not visible ASCII, or end.
const char* skip_visible(const char* from, const char* end) noexcept {
  while (end - from >= 8) {
    const uint64_t word = load8(from);
    const uint64_t suspects = below(word, 0x21) | equal(word, 0x7f) | (word & kHighs);
    if (suspects != 0) return from + std::countr_zero(suspects) / 8;
    from += 8;
  }
  while (from != end && *from > 0x20 && *from < 0x7f) ++from;
  return from;
}

const char* skip_token(const char* from, const char* end) noexcept {
  while (from != end && is_token_byte(*from)) ++from;
  return from;
}

HeadGate::Place place(const char* base, const char* begin, const char* end) noexcept {
  return {static_cast<uint16_t>(begin - base), static_cast<uint16_t>(end - begin)};
}

}  // namespace

void HeadGate::reset() noexcept {
  stage_ = Stage::kEmptyLines;
  field_count_ = 0;
  position_ = 0;
  begin_ = 0;
  refusal_ = {};
}

HeadGate::Verdict HeadGate::refuse(int status, std::string_view sentence) noexcept {
  refusal_ = {status, sentence};
  return Verdict::kRefused;
}

HeadGate::Verdict HeadGate::inspect(std::string_view bytes) noexcept {
  if (stage_ == Stage::kEmptyLines) {
    const Verdict verdict = inspect_empty_lines(bytes);
    if (verdict != Verdict::kComplete) return verdict;
    stage_ = Stage::kRequestLine;
  }
  if (stage_ == Stage::kRequestLine) {
    const Verdict verdict = inspect_request_line(bytes);
    if (verdict != Verdict::kComplete) return verdict;
    stage_ = Stage::kFields;
  }
  return inspect_fields(bytes);
}

HeadGate::Verdict HeadGate::inspect_empty_lines(std::string_view bytes) noexcept {
  while (position_ < bytes.size() && bytes[position_] == '\r') {
    if (position_ == 2 * kEmptyLinesMax) {
      return refuse(400, "more than 8 empty lines before the request");
    }
    if (position_ + 1 == bytes.size()) return Verdict::kNeedMore;
    if (bytes[position_ + 1] != '\n') return refuse(400, "a CR without LF before the request");
    position_ += 2;
  }
  if (position_ == bytes.size()) return Verdict::kNeedMore;
  begin_ = position_;
  return Verdict::kComplete;
}

HeadGate::Verdict HeadGate::inspect_request_line(std::string_view bytes) noexcept {
  const char* const base = bytes.data();
  const char* const line = base + begin_;
  // The CR may stand right behind the longest line; nothing behind that place is looked at.
  const size_t visible = std::min(bytes.size(), begin_ + kRequestLineBytesMax + 1);
  const char* const end = base + visible;
  const auto cut_short = [&] {
    return visible > begin_ + kRequestLineBytesMax
               ? refuse(414, "the request line is longer than 8192 bytes")
               : Verdict::kNeedMore;
  };

  const char* const method_end = skip_token(line, end);
  if (method_end == end) return cut_short();
  if (method_end == line || *method_end != ' ') {
    return refuse(400, "the request line does not begin with a method and one blank");
  }
  const char* const target = method_end + 1;
  const char* const target_end = skip_visible(target, end);
  if (target_end == end) return cut_short();
  if (target_end == target || *target_end != ' ') {
    return refuse(400, "the request line is not \"METHOD target HTTP/1.1\"");
  }
  const auto version = static_cast<size_t>(target_end + 1 - base);
  const Verdict verdict = inspect_version(bytes.substr(0, visible), version);
  if (verdict == Verdict::kNeedMore) return cut_short();
  if (verdict == Verdict::kRefused) return verdict;

  const size_t cr = version + 8;
  if (cr == visible) return cut_short();
  if (base[cr] != '\r') return refuse(400, "the request line does not end behind the version");
  if (cr + 1 == bytes.size()) return Verdict::kNeedMore;
  if (base[cr + 1] != '\n') return refuse(400, "the request line does not end in CR LF");
  method_ = place(base, line, method_end);
  target_ = place(base, target, target_end);
  position_ = cr + 2;
  return Verdict::kComplete;
}

// "HTTP/1.0" or "HTTP/1.1". Only a version of the right shape is called unsupported; anything else
// is not HTTP.
HeadGate::Verdict HeadGate::inspect_version(std::string_view bytes, size_t at) noexcept {
  constexpr std::string_view kShape = "HTTP/1.1";
  const std::string_view version = bytes.substr(at, kShape.size());
  if (version == kShape) {
    version_minor_ = 1;
    return Verdict::kComplete;
  }
  for (size_t i = 0; i < version.size(); ++i) {
    const bool fits = is_digit(kShape[i]) ? is_digit(version[i]) : version[i] == kShape[i];
    if (!fits) return refuse(400, "the version is not HTTP/1.0 or HTTP/1.1");
  }
  if (version.size() < kShape.size()) return Verdict::kNeedMore;
  if (version[5] != '1' || version[7] > '1') {
    return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  }
  version_minor_ = 0;
  return Verdict::kComplete;
}

HeadGate::Verdict HeadGate::inspect_fields(std::string_view bytes) noexcept {
  const size_t head_end_max = begin_ + kHeadBytesMax;
  const std::string_view visible = bytes.substr(0, head_end_max);
  while (true) {
    Verdict verdict = Verdict::kNeedMore;
    if (position_ < visible.size()) {
      if (visible[position_] == '\r') {
        if (position_ + 1 < visible.size()) {
          if (visible[position_ + 1] != '\n') return refuse(400, "the head ends in CR without LF");
          position_ += 2;
          return Verdict::kComplete;
        }
      } else {
        verdict = inspect_field(visible);
        if (verdict == Verdict::kComplete) continue;
      }
    }
    if (verdict == Verdict::kNeedMore && visible.size() == head_end_max) {
      return refuse(431, "the request head is longer than 32768 bytes");
    }
    return verdict;
  }
}

HeadGate::Verdict HeadGate::inspect_field(std::string_view bytes) noexcept {
  if (field_count_ == kFieldsMax) return refuse(431, "the request has more than 100 header fields");
  const char* const base = bytes.data();
  const char* const end = base + bytes.size();
  const char* const name = base + position_;
  const char* const name_end = skip_token(name, end);
  if (name_end == end) return Verdict::kNeedMore;
  if (name_end == name) {
    return *name == ' ' || *name == '\t'
               ? refuse(400, "a header line begins with a blank; folded lines are not accepted")
               : refuse(400, "a header line does not begin with a name");
  }
  if (*name_end != ':') return refuse(400, "a header name is not directly followed by a colon");

  const char* const value_end = skip_text(name_end + 1, end);
  if (value_end == end) return Verdict::kNeedMore;
  if (*value_end != '\r') return refuse(400, "a header value contains a control character");
  if (value_end + 1 == end) return Verdict::kNeedMore;
  if (value_end[1] != '\n') return refuse(400, "a header line does not end in CR LF");

  const std::string_view value = trimmed({name_end + 1, value_end});
  fields_[field_count_] = {place(base, name, name_end),
                           place(base, value.data(), value.data() + value.size())};
  ++field_count_;
  position_ = static_cast<size_t>(value_end + 2 - base);
  return Verdict::kComplete;
}

}  // namespace ringmaker::http
