// Frames of WebSocket: any bytes, in any cuts, are read the same way; what is text is UTF-8, no
// message is longer than it may be, and nothing comes behind the end.
//
// The first two bytes of the input choose the cuts and the limit; the rest is what a peer sends.
#include "base/random.h"
#include "http/websocket_reader.h"
#include "wire/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ringmaker;
using Kind = http::WebsocketReader::Kind;

void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Messages and control frames as text. A message that has not ended is not told of.
std::vector<std::string> read(std::string_view bytes, uint64_t limit, size_t cut_max) {
  base::Random random(bytes.size());
  http::WebsocketReader reader;
  reader.open(limit);
  std::vector<std::string> told;
  std::string message;
  std::string left;
  bool behind = false;  // frames may lie in the reader though nothing is left
  bool ended = false;
  while (!bytes.empty() || behind) {
    const size_t cut = std::min(bytes.size(), size_t{1} + random.below(cut_max));
    std::string piece = left.append(bytes.substr(0, cut));
    bytes.remove_prefix(cut);
    left.clear();
    behind = false;
    reader.give(piece);
    for (;;) {
      const http::WebsocketReader::Event event = reader.next();
      if (event.kind == Kind::kNeedMore) {
        break;
      }
      demand(!ended);
      if (event.kind == Kind::kData) {
        demand(reader.in_message() == !event.last);
        if (event.first) {
          message.clear();
        }
        message += event.data;
        demand(message.size() <= limit);
        if (event.last) {
          demand(!event.text || wire::is_utf8(message));
          told.push_back((event.text ? "text " : "bytes ") + message);
        }
      } else {
        ended = event.kind == Kind::kClose || event.kind == Kind::kFailed;
        demand(!ended || event.code >= 1000);
        demand(event.kind == Kind::kFailed || event.data.size() <= 125);
        told.push_back(std::to_string(static_cast<int>(event.kind)) + " " +
                       std::to_string(event.code) + " " + std::string(event.data));
      }
      // Who stops reading goes on with what was left.
      if (random.below(8) == 0) {
        left = reader.rest();
        behind = true;
        break;
      }
    }
  }
  return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kChoices = 2;
  if (size < kChoices) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kChoices, size - kChoices);
  const uint64_t limit = uint64_t{1} << (data[0] % 24U);
  const std::vector<std::string> whole = read(bytes, limit, SIZE_MAX / 2);
  demand(read(bytes, limit, 1U + data[1]) == whole);
  demand(read(bytes, limit, 1) == whole);
  return 0;
}
