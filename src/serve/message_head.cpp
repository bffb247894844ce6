#include "serve/message_head.h"

#include "base/text.h"
#include "serve/model_path.h"

#include <new>
#include <string>

namespace ringmaker::serve {
namespace {

bool replaced(std::string_view name) noexcept {
  // What framed or opened the handshake is nothing of a message.
  return base::equals_ignoring_case(name, "Content-Type") ||
         base::equals_ignoring_case(name, "Accept") ||
         base::equals_ignoring_case(name, "Content-Encoding") ||
         base::equals_ignoring_case(name, "Content-Length");
}

/// The query's value, decoded, else the field's.
std::string_view declared(const http::RequestHead& handshake, std::string_view key,
                          std::string_view field, base::Arena& arena) {
  if (const auto value = query_value(handshake.query, key); value && !value->empty()) {
    return arena.copy(*value);
  }
  std::string scratch;
  return arena.copy(handshake.header_list(field, scratch));
}

std::span<const http::Header> fields_of(const http::RequestHead& handshake,
                                        std::string_view content_type, std::string_view accept,
                                        base::Arena& arena) {
  const size_t most = handshake.headers.size() + 2;
  auto* const fields = static_cast<http::Header*>(
      arena.allocate(most * sizeof(http::Header), alignof(http::Header)));
  size_t count = 0;
  new (fields + count++) http::Header{"Content-Type", content_type};
  if (!accept.empty()) {
    new (fields + count++) http::Header{"Accept", accept};
  }
  for (const http::Header& header : handshake.headers) {
    if (!replaced(header.name)) {
      new (fields + count++) http::Header(header);
    }
  }
  return {fields, count};
}

bool looks_like_json(std::string_view beginning) noexcept {
  const size_t at = beginning.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && (beginning[at] == '{' || beginning[at] == '[');
}

}  // namespace

void MessageHead::open(const http::RequestHead& handshake, base::Arena& arena) {
  path_ = handshake.path;
  content_type_ = declared(handshake, "content-type", "Content-Type", arena);
  accept_ = declared(handshake, "accept", "Accept", arena);
  const bool known = !content_type_.empty();
  csv_ = fields_of(handshake, known ? content_type_ : "text/csv", accept_, arena);
  json_ = known ? csv_ : fields_of(handshake, "application/json", accept_, arena);
}

http::RequestHead MessageHead::of(std::string_view beginning,
                                  std::optional<uint64_t> bytes) const noexcept {
  http::RequestHead head;
  head.method = http::Method::kPost;
  head.path = path_;
  head.content_length = bytes;
  head.chunked = !bytes.has_value();
  head.headers = looks_like_json(beginning) ? json_ : csv_;
  return head;
}

}  // namespace ringmaker::serve
