#include "serve/error_reply.h"

#include "codec/media_type.h"
#include "http/websocket_handshake.h"
#include "serve/passed_on.h"
#include "wire/json_writer.h"

#include <algorithm>
#include <array>
#include <span>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kJsonBegin = "{\"error\":";
constexpr std::string_view kJsonEnd = "}";
constexpr std::array<http::Header, 3> kUpgrade{
    {{"Upgrade", "websocket"},
     {"Connection", "Upgrade"},
     {"Sec-WebSocket-Version", http::kWebsocketVersion}}};

bool prefers_json(const http::RequestHead& head, std::optional<codec::Format> otherwise) {
  std::string scratch;
  const std::string_view accept = head.header_list("Accept", scratch);
  const std::string_view content_type = head.header("Content-Type");
  const codec::Format request = codec::request_format(content_type).value_or(codec::Format::kCsv);
  const auto answer = codec::select_response_format(accept, otherwise, request);
  return answer == codec::Format::kJson || answer == codec::Format::kJsonLines;
}

}  // namespace

void reply_error(http::Exchange& exchange, int status, std::string_view sentence,
                 std::string_view instead, std::optional<codec::Format> otherwise) {
  const PassedOn passed_on(exchange.head());
  std::array<http::Header, kUpgrade.size() + 1> extra{};
  auto end = std::ranges::copy(passed_on.headers(), extra.begin()).out;
  if (!instead.empty()) {
    *end++ = {status == 415 ? "Accept-Encoding" : "Allow", instead};
  } else if (status == 503) {
    *end++ = {"Retry-After", "1"};
  } else if (status == 426) {
    end = std::ranges::copy(kUpgrade, end).out;
  }
  http::ResponseHead head{
      .status = status,
      .content_type = "text/plain; charset=utf-8",
      .extra_headers = std::span(extra).first(static_cast<size_t>(end - extra.begin()))};
  std::string body;
  if (prefers_json(exchange.head(), otherwise)) {
    head.content_type = "application/json";
    body = kJsonBegin;
    wire::append_json_string(body, sentence);
    body += kJsonEnd;
  } else {
    body = sentence;
    body += '\n';
  }
  exchange.respond(head, body);
}

std::string error_sentence_json(const http::ResponseHead& head, std::string_view body) {
  if (head.content_type == "application/json" && body.starts_with(kJsonBegin)) {
    body.remove_prefix(kJsonBegin.size());
    body.remove_suffix(kJsonEnd.size());
    return std::string(body);
  }
  if (body.ends_with('\n')) {
    body.remove_suffix(1);
  }
  std::string text;
  wire::append_json_string(text, body);
  return text;
}

}  // namespace ringmaker::serve
