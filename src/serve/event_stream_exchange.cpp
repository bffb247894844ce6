#include "serve/event_stream_exchange.h"

#include "base/check.h"
#include "base/text.h"
#include "wire/event_stream.h"
#include "wire/json_writer.h"

#include <algorithm>
#include <array>
#include <span>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kStreamType = "application/vnd.amazon.eventstream";
/// Where the API has the type of what its events hold, once they are put together.
constexpr std::string_view kTypeField = "X-Amzn-SageMaker-Content-Type";
constexpr std::string_view kAcceptField = "X-Amzn-SageMaker-Accept";
constexpr size_t kFieldsMax = 4;

void append_parts(std::string& out, std::string_view scores) {
  static constexpr std::array<wire::EventHeader, 3> kPart{{
      {":message-type", "event"},
      {":event-type", "PayloadPart"},
      {":content-type", "application/octet-stream"},
  }};
  while (!scores.empty()) {
    const size_t taken = std::min(scores.size(), wire::kEventPayloadMax);
    wire::append_event(out, kPart, scores.substr(0, taken));
    scores.remove_prefix(taken);
  }
}

void append_error(std::string& out, std::string_view message) {
  static constexpr std::array<wire::EventHeader, 3> kError{{
      {":message-type", "exception"},
      {":exception-type", "ModelStreamError"},
      {":content-type", "application/json"},
  }};
  std::string payload;
  wire::JsonWriter(payload)
      .begin_object()
      .member("Message", message)
      .member("ErrorCode", "StreamBroken")
      .end_object();
  wire::append_event(out, kError, payload);
}

/// The head of a stream, with room for the fields that it has.
struct StreamHead {
  explicit StreamHead(const http::ResponseHead& inner) : head(inner) {
    RM_CHECK(inner.extra_headers.size() < kFieldsMax);
    fields[0] = {kTypeField, inner.content_type};
    std::ranges::copy(inner.extra_headers, fields.begin() + 1);
    head.content_type = kStreamType;
    head.extra_headers = std::span(fields).first(inner.extra_headers.size() + 1);
  }
  StreamHead(const StreamHead&) = delete;
  StreamHead& operator=(const StreamHead&) = delete;

  std::array<http::Header, kFieldsMax> fields;
  http::ResponseHead head;
};

}  // namespace

EventStreamExchange::EventStreamExchange(http::Exchange& outer, std::string& event)
    : ForwardingExchange(outer), event_(event), head_(outer.head()) {
  const std::span<const http::Header> given = outer.head().headers;
  constexpr size_t kMore = 2;
  void* const place =
      outer.arena().allocate((given.size() + kMore) * sizeof(http::Header), alignof(http::Header));
  auto* const fields = static_cast<http::Header*>(place);
  size_t count = 0;
  for (const http::Header& field : given) {
    // The request's own Accept is about events.
    if (!base::equals_ignoring_case(field.name, "Accept")) {
      fields[count++] = field;
    }
  }
  if (const std::string_view accepted = outer.head().header(kAcceptField); !accepted.empty()) {
    fields[count++] = {"Accept", accepted};
  }
  fields[count++] = {"X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointWithResponseStream"};
  head_.headers = {fields, count};
}

void EventStreamExchange::respond(const http::ResponseHead& head, std::string_view body) {
  if (head.status >= 400) {
    outer_.respond(head, body);
    return;
  }
  event_.clear();
  append_parts(event_, body);
  outer_.respond(StreamHead(head).head, event_);
}

void EventStreamExchange::begin_response(const http::ResponseHead& head,
                                         std::optional<uint64_t> /*body_bytes*/) {
  outer_.begin_response(StreamHead(head).head, std::nullopt);
}

bool EventStreamExchange::write(std::string_view part) {
  event_.clear();
  append_parts(event_, part);
  return outer_.write(event_);
}

void EventStreamExchange::abort(std::string_view why) {
  event_.clear();
  append_error(event_, why);
  (void)outer_.write(event_);
  outer_.finish();
}

}  // namespace ringmaker::serve
