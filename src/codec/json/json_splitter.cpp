#include "codec/json/json_splitter.h"

#include "wire/json_reader.h"
#include "wire/utf8.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace ringmaker::codec {
namespace {

enum Kind : uint8_t { kOrdinary, kBlank, kQuote, kOpen, kClose, kComma };

constexpr std::array<uint8_t, 256> kinds() {
  std::array<uint8_t, 256> table{};
  for (const char c : {' ', '\t', '\n', '\r'}) {
    table[static_cast<unsigned char>(c)] = kBlank;
  }
  table[static_cast<unsigned char>('"')] = kQuote;
  table[static_cast<unsigned char>('[')] = kOpen;
  table[static_cast<unsigned char>('{')] = kOpen;
  table[static_cast<unsigned char>(']')] = kClose;
  table[static_cast<unsigned char>('}')] = kClose;
  table[static_cast<unsigned char>(',')] = kComma;
  return table;
}

constexpr std::array<uint8_t, 256> kKinds = kinds();

Kind kind_of(char c) { return static_cast<Kind>(kKinds[static_cast<unsigned char>(c)]); }

/// How many bytes from `at` on are neither brackets nor quotes, or a few fewer: inside an instance
/// nothing else matters. Looks at 16 bytes at a time; `[` and `{`, `]` and `}` differ in one bit.
size_t plain_bytes(std::string_view text, size_t at) {
  const size_t begin = at;
#if defined(__SSE2__)
  const __m128i lower = _mm_set1_epi8(0x20);
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i folded = _mm_or_si128(bytes, lower);
    const __m128i brackets = _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')),
                                          _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    const __m128i found = _mm_or_si128(brackets, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    if (const int mask = _mm_movemask_epi8(found); mask != 0) {
      return at - begin + static_cast<size_t>(std::countr_zero(static_cast<unsigned>(mask)));
    }
  }
#elif defined(__aarch64__)
  for (; at + 16 <= text.size(); at += 16) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(text.data() + at));
    const uint8x16_t folded = vorrq_u8(bytes, vdupq_n_u8(0x20));
    const uint8x16_t brackets =
        vorrq_u8(vceqq_u8(folded, vdupq_n_u8('{')), vceqq_u8(folded, vdupq_n_u8('}')));
    const uint16x8_t found =
        vreinterpretq_u16_u8(vorrq_u8(brackets, vceqq_u8(bytes, vdupq_n_u8('"'))));
    // Four bits of each byte.
    const uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(found, 4)), 0);
    if (mask != 0) {
      return at - begin + static_cast<size_t>(std::countr_zero(mask)) / 4;
    }
  }
#else
  static_cast<void>(text);
#endif
  return at - begin;
}

bool starts_scalar(char c) {
  return c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n' ||
         c == 'N' || c == 'I';
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

/// No escape, no control character, and ASCII: as nearly all keys are.
bool is_plain(std::string_view key) {
  return std::ranges::all_of(key, [](char c) {
    return !is_control(c) && static_cast<unsigned char>(c) < 0x80 && c != '\\';
  });
}

}  // namespace

void JsonSplitter::reset() noexcept {
  state_ = State::kStart;
  key_.clear();
  plain_key_ = true;
  mark_bytes_ = 0;
  in_object_ = false;
  descended_ = false;
  whole_if_flat_ = false;
  cut_if_texts_ = false;
  whole_ = false;
  begin_content(State::kStart);
}

void JsonSplitter::begin_content(State state) noexcept {
  state_ = state;
  depth_ = 0;
  quoted_ = false;
  escaped_ = false;
  blank_ = true;
}

JsonSplitter::Step JsonSplitter::next(std::string_view piece, size_t& at) {
  while (at < piece.size()) {
    if (state_ == State::kElement || state_ == State::kValue) {
      return content_step(piece, at);
    }
    const char c = piece[at];
    if (state_ != State::kKey && kind_of(c) == kBlank) {
      ++at;
      continue;
    }
    const Step step = outer_step(c, at);
    if (step.token != Token::kNeedMore) {
      return step;
    }
  }
  return {};
}

JsonSplitter::Step JsonSplitter::outer_step(char c, size_t& at) {
  Step step;
  switch (state_) {
    case State::kStart:
      return start_step(c, at);
    case State::kFirstKey:
    case State::kNextKey:
    case State::kKey:
    case State::kColon:
      step = key_step(c);
      break;
    case State::kMember:
      step = member_step(c);
      if (state_ == State::kValue) {
        return step;  // the byte is content
      }
      break;
    case State::kArrayStart:
      if (c != ']') {
        whole_ = whole_if_flat_ && kind_of(c) != kOpen && !(cut_if_texts_ && kind_of(c) == kQuote);
        begin_content(State::kElement);
        return step;  // the byte is content
      }
      [[fallthrough]];
    case State::kArrayClose:
      state_ = in_object_ ? State::kAfterMember : State::kEnd;
      step.token = Token::kEndArray;
      break;
    case State::kAfterMember:
      if (c == '}') {
        step = close_object();
        break;
      }
      step.token = c == ',' ? Token::kNeedMore : Token::kSyntaxError;
      state_ = State::kNextKey;
      break;
    case State::kFirstObject:
    case State::kNextObject:
    case State::kAfterObject:
      step = object_step(c);
      break;
    default:
      step.token = Token::kSyntaxError;  // text behind the end
  }
  if (step.token != Token::kSyntaxError && step.token != Token::kNotAContainer) {
    ++at;
  }
  return step;
}

/// Between the objects of an array that is descended into.
JsonSplitter::Step JsonSplitter::object_step(char c) {
  if (c == ']' && state_ != State::kNextObject) {
    state_ = State::kAfterMember;
    return {Token::kEndArray, {}};
  }
  if (state_ == State::kAfterObject) {
    state_ = State::kNextObject;
    return {c == ',' ? Token::kNeedMore : Token::kSyntaxError, {}};
  }
  if (c != '{') {
    return {c == '[' || starts_scalar(c) ? Token::kNotAContainer : Token::kSyntaxError, {}};
  }
  state_ = State::kFirstKey;
  descended_ = true;
  return {Token::kBeginObject, {}};
}

JsonSplitter::Step JsonSplitter::close_object() {
  if (!descended_) {
    state_ = State::kEnd;
    return {};
  }
  descended_ = false;
  state_ = State::kAfterObject;
  return {Token::kEndObject, {}};
}

JsonSplitter::Step JsonSplitter::start_step(char c, size_t& at) {
  constexpr std::string_view kMark = wire::kByteOrderMark;
  if (mark_bytes_ < kMark.size() && c == kMark[mark_bytes_]) {
    ++mark_bytes_;
    ++at;
    return {};
  }
  if (mark_bytes_ != 0 && mark_bytes_ != kMark.size()) {
    return {Token::kSyntaxError, {}};
  }
  mark_bytes_ = kMark.size();
  if (c == '[') {
    state_ = State::kArrayStart;
    whole_if_flat_ = false;
    cut_if_texts_ = false;
    ++at;
    return {Token::kBeginArray, {}};
  }
  if (c == '{') {
    state_ = State::kFirstKey;
    in_object_ = true;
    ++at;
    return {};
  }
  return {starts_scalar(c) ? Token::kNotAContainer : Token::kSyntaxError, {}};
}

JsonSplitter::Step JsonSplitter::key_step(char c) {
  if (state_ == State::kKey) {
    if (!escaped_ && c == '"') {
      state_ = State::kColon;
      plain_key_ = is_plain(key_);
      return {plain_key_ || read_key() ? Token::kNeedMore : Token::kSyntaxError, {}};
    }
    escaped_ = !escaped_ && c == '\\';
    key_ += c;
    return {key_.size() > kKeyBytesMax ? Token::kSyntaxError : Token::kNeedMore, {}};
  }
  if (state_ == State::kColon) {
    state_ = State::kMember;
    return {c == ':' ? Token::kNeedMore : Token::kSyntaxError, {}};
  }
  if (c == '}' && state_ == State::kFirstKey) {
    return close_object();
  }
  state_ = State::kKey;
  escaped_ = false;
  key_.clear();
  return {c == '"' ? Token::kNeedMore : Token::kSyntaxError, {}};
}

/// The text of a key that is not plain. False where it is no text.
bool JsonSplitter::read_key() {
  if (key_.find('\\') == std::string::npos) {
    read_key_ = key_;
    return wire::is_utf8(key_) && std::ranges::none_of(key_, is_control);
  }
  const auto read = wire::JsonValue::parse('"' + key_ + '"');
  read_key_ = read ? read->text() : std::string();
  return read.has_value();
}

JsonSplitter::Step JsonSplitter::member_step(char c) {
  if (c == '[') {
    state_ = State::kArrayStart;
    whole_if_flat_ = false;
    cut_if_texts_ = false;
    return {Token::kBeginArray, {}};
  }
  const Kind kind = kind_of(c);
  if (kind == kComma || kind == kClose) {
    return {Token::kSyntaxError, {}};
  }
  begin_content(State::kValue);
  return {};
}

JsonSplitter::Step JsonSplitter::content_step(std::string_view piece, size_t& at) {
  const size_t begin = at;
  const size_t depth_max = kDepthMax - (state_ == State::kElement ? outer_depth() : 1);
  const bool inside_whole = whole_ && state_ == State::kElement;  // its commas are content
  const auto content = [&] { return piece.substr(begin, at - begin); };
  for (; at < piece.size(); ++at) {
    const char c = piece[at];
    if (quoted_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        quoted_ = false;
      }
      continue;
    }
    const Kind kind = kind_of(c);
    if ((depth_ > 0 || inside_whole) && kind != kQuote && kind != kOpen && kind != kClose) {
      blank_ = blank_ && kind == kBlank;
      at += blank_ ? 0 : plain_bytes(piece, at + 1);
    } else if (kind == kOrdinary) {
      blank_ = false;
    } else if (kind == kQuote) {
      quoted_ = true;
      blank_ = false;
    } else if (kind == kOpen) {
      if (depth_ == depth_max) {
        return {Token::kDepthError, content()};
      }
      ++depth_;
      blank_ = false;
    } else if (kind == kClose && depth_ > 0) {
      --depth_;
    } else if (kind == kClose || (kind == kComma && depth_ == 0 && !inside_whole)) {
      const std::string_view taken = content();
      return {boundary(c, at), taken};
    }
  }
  return {Token::kNeedMore, content()};
}

/// A comma or closing bracket outside of all brackets of the content.
JsonSplitter::Token JsonSplitter::boundary(char c, size_t& at) {
  const char close = state_ == State::kElement ? ']' : '}';
  if (blank_ || (c != ',' && c != close)) {
    return Token::kSyntaxError;
  }
  if (state_ == State::kValue) {
    state_ = State::kAfterMember;  // which takes the comma or bracket
    return Token::kValue;
  }
  if (c == ',') {
    ++at;
    begin_content(State::kElement);
  } else {
    state_ = State::kArrayClose;  // which takes the bracket
  }
  return Token::kElement;
}

}  // namespace ringmaker::codec
