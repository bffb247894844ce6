#include "serve/endpoint_exchange.h"

#include "base/check.h"
#include "base/random.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace ringmaker::serve {
namespace {

/// A line end that people read is none of the text.
std::string_view without_line_end(std::string_view text) {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

}  // namespace

/// Made like a random UUID (RFC 4122, version 4), for people who look for one in their logs.
EndpointExchange::EndpointExchange(http::Exchange& outer, uint64_t request_number) noexcept
    : ForwardingExchange(outer) {
  base::Random random(request_number);
  const uint64_t high = random();
  const uint64_t low = random();
  fmt::format_to_n(request_id_.data(), request_id_.size(),
                   "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", high >> 32U, high >> 16U & 0xFFFFU,
                   high & 0xFFFU, 8U | low >> 62U, low >> 48U & 0xFFFU, low & 0xFFFF'FFFF'FFFFU);
}

http::ResponseHead EndpointExchange::dressed(const http::ResponseHead& head,
                                             std::string_view error_type) {
  size_t count = 0;
  fields_[count++] = {"x-amzn-RequestId", {request_id_.data(), request_id_.size()}};
  if (error_type.empty()) {
    fields_[count++] = {"x-Amzn-Invoked-Production-Variant", "AllTraffic"};
  } else {
    fields_[count++] = {"x-amzn-ErrorType", error_type};
  }
  RM_CHECK(count + head.extra_headers.size() <= kFieldsMax);
  std::copy(head.extra_headers.begin(), head.extra_headers.end(), fields_.begin() + count);
  http::ResponseHead result = head;
  result.extra_headers = std::span(fields_).first(count + head.extra_headers.size());
  return result;
}

void EndpointExchange::respond(const http::ResponseHead& head, std::string_view body) {
  if (head.status < 400) {
    outer_.respond(dressed(head), body);
    return;
  }
  const std::string_view original = without_line_end(body);
  std::string text;
  wire::JsonWriter(text)
      .begin_object()
      .member("Message",
              fmt::format("Received {} error ({}) from primary with message \"{}\". See "
                          "the server's log for more information.",
                          head.status < 500 ? "client" : "server", head.status, original))
      .member("OriginalMessage", original)
      .member("OriginalStatusCode", head.status)
      .member("LogStreamArn", "")
      .end_object();
  outer_.respond(dressed({.status = 424, .content_type = "application/json"}, "ModelError"), text);
}

void EndpointExchange::begin_response(const http::ResponseHead& head,
                                      std::optional<uint64_t> body_bytes) {
  outer_.begin_response(dressed(head), body_bytes);
}

void EndpointExchange::refuse(int status, std::string_view type, std::string_view sentence) {
  std::string text;
  wire::JsonWriter(text).begin_object().member("Message", sentence).end_object();
  outer_.respond(dressed({.status = status, .content_type = "application/json"}, type), text);
}

}  // namespace ringmaker::serve
