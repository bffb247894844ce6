// Chunked bodies: whatever the bytes and the cuts, the decoder says what a plain reading of the
// grammar says, and never gives more than it was given.
#include "http/ascii.h"
#include "http/chunked_body.h"
#include "http/limits.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace ringmaker;
using Verdict = http::ChunkedBody::Verdict;

struct Decoded {
  Verdict verdict = Verdict::kNeedMore;
  std::string data;
  size_t consumed = 0;  // when complete
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// A line at the front of `in`, as `fits(byte, index)` allows its bytes: its size with CR LF; 0:
/// more bytes are needed; npos: never.
template <class Fits>
size_t line(std::string_view in, size_t bytes_max, Fits fits) {
  size_t size = 0;
  while (size < in.size() && in[size] != '\r' && size < bytes_max && fits(in[size], size)) {
    ++size;
  }
  if (size == in.size()) {
    return 0;
  }
  if (in[size] != '\r' || (size + 1 < in.size() && in[size + 1] != '\n')) {
    return std::string_view::npos;
  }
  return size + 1 == in.size() ? 0 : size + 2;
}

/// The grammar, read from the whole body.
Decoded reference(std::string_view in) {
  Decoded out;
  size_t at = 0;
  const auto refused = [&] {
    out.verdict = Verdict::kRefused;
    return out;
  };
  const auto excessive = [&](size_t until) {
    const size_t framing = until - out.data.size();
    return framing > http::kChunkOverheadFree &&
           framing * 100 > until * http::kChunkOverheadPercentMax;
  };
  const auto more = [&] { return excessive(in.size()) ? refused() : out; };
  for (;;) {
    bool digits = true;
    const auto fits = [&digits](char byte, size_t index) {
      digits = digits && !(byte == ';' && index > 0);
      return digits ? http::hex_value(byte) >= 0 && index < 16 : http::is_text_byte(byte);
    };
    const size_t head = line(in.substr(at), http::kChunkLineBytesMax, fits);
    if (head == std::string_view::npos || (at < in.size() && in[at] == '\r')) return refused();
    if (head == 0) return more();
    const uint64_t size = std::strtoull(std::string(in.substr(at, 16)).c_str(), nullptr, 16);
    at += head;
    if (excessive(at)) return refused();
    if (size == 0) break;
    const std::string_view data = in.substr(at, std::min<uint64_t>(size, in.size() - at));
    out.data += data;
    at += data.size();
    if (data.size() < size) return out;
    const std::string_view end = in.substr(at, 2);
    if (end != std::string_view("\r\n").substr(0, end.size())) return refused();
    at += end.size();
    if (excessive(at)) return refused();
    if (end.size() < 2) return out;
  }
  const size_t trailers = at;
  for (;;) {
    const size_t left = http::kTrailerBytesMax - (at - trailers);
    size_t name = 0;  // bytes before the colon
    bool colon = false;
    const size_t one = line(in.substr(at, left), left, [&](char byte, size_t index) {
      if (colon) return http::is_text_byte(byte);
      colon = byte == ':' && index > 0;
      name = colon ? name : index + 1;
      return colon || http::is_token_byte(byte);
    });
    const bool ended = at + name < in.size() && in[at + name] == '\r' && name < left;
    if (one == std::string_view::npos || (ended && name > 0 && !colon)) return refused();
    if (one == 0) return in.size() - at > left ? refused() : more();
    at += one;
    if (excessive(at - (one == 2 ? 1 : 0))) return refused();
    if (one == 2) {
      out.verdict = Verdict::kComplete;
      out.consumed = at;
      return out;
    }
  }
}

Decoded decode(std::string_view in, size_t piece) {
  http::ChunkedBody body;
  Decoded out;
  size_t at = 0;
  while (at < in.size() && out.verdict == Verdict::kNeedMore) {
    const auto step = body.take(in.substr(at, piece));
    at += step.consumed;
    out.data += step.data;
    if (step.verdict == Verdict::kComplete || step.verdict == Verdict::kRefused) {
      out.verdict = step.verdict;
      out.consumed = step.verdict == Verdict::kComplete ? at : 0;
    } else if (step.consumed == 0) {
      std::abort();  // no progress
    }
    if (body.data_bytes() != out.data.size() || body.announced_bytes() < body.data_bytes() ||
        (out.verdict == Verdict::kRefused) != static_cast<bool>(body.refusal())) {
      std::abort();
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Decoded expected = reference(bytes);
  for (const size_t piece : {size + 1, size_t{1}, size_t{2}, size_t{13}, size_t{1000}}) {
    if (decode(bytes, piece) != expected) {
      std::abort();
    }
  }
  // Many copies reach the limits on what framing may cost.
  if (size > 0 && expected.verdict == Verdict::kNeedMore && size < 64) {
    std::string many;
    while (many.size() < 150'000) {
      many += bytes;
    }
    if (decode(many, many.size()) != reference(many)) {
      std::abort();
    }
  }
  return 0;
}
