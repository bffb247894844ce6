#include "serve/session_exchange.h"

#include "base/check.h"
#include "base/utc_time.h"

#include <fmt/core.h>

#include <algorithm>

namespace ringmaker::serve {

http::ResponseHead SessionExchange::dressed(const http::ResponseHead& head) {
  if (head.status >= 400) {
    reservations_.give_back(outer_);
    return head;
  }
  reservations_.keep(outer_);
  const SessionId id = reservations_.sessions().id_of(session_);
  const auto time = base::utc_time(static_cast<std::time_t>(session_.expiry_s));
  fmt::format_to_n(value_.data(), value_.size(), "{}; Expires={}", id.text(),
                   std::string_view(time.data(), time.size()));
  const std::string_view value(value_.data(), value_.size());
  RM_CHECK(head.extra_headers.size() + 2 <= kFieldsMax);
  fields_[0] = {session_header::kSession, value};
  fields_[1] = {session_header::kNew, value};
  std::copy(head.extra_headers.begin(), head.extra_headers.end(), fields_.begin() + 2);
  http::ResponseHead result = head;
  result.extra_headers = std::span(fields_).first(head.extra_headers.size() + 2);
  return result;
}

void SessionExchange::respond(const http::ResponseHead& head, std::string_view body) {
  outer_.respond(dressed(head), body);
}

void SessionExchange::begin_response(const http::ResponseHead& head,
                                     std::optional<uint64_t> body_bytes) {
  outer_.begin_response(dressed(head), body_bytes);
}

void SessionExchange::respond_opened() {
  respond({.status = 200, .content_type = "application/json"}, "{\"session\":\"opened\"}\n");
}

}  // namespace ringmaker::serve
