#include "serve/stream_route.h"

#include "base/check.h"
#include "http/websocket_handshake.h"
#include "serve/error_reply.h"
#include "serve/invocation_terms.h"

#include <array>
#include <string>

namespace ringmaker::serve {

MessageStream& StreamRoute::of(http::Exchange& exchange) noexcept {
  RM_CHECK(exchange.user() != nullptr);
  return *static_cast<MessageStream*>(exchange.user());
}

MessageStream& StreamRoute::take_stream() {
  if (free_.empty()) {
    all_.push_back(std::make_unique<MessageStream>(around_));
    free_.reserve(all_.capacity());
    free_.push_back(all_.back().get());
  }
  MessageStream& stream = *free_.back();
  free_.pop_back();
  return stream;
}

void StreamRoute::give_back_if_over(MessageStream& stream) {
  if (!stream.is_open()) {
    free_.push_back(&stream);
  }
}

http::BodyMode StreamRoute::refuse(http::Exchange& exchange, int status, std::string_view sentence,
                                   std::string_view instead) {
  around_.invocations.access().refused(exchange.head(), status, sentence);
  around_.invocations.count(exchange, Route::kStream, status);
  reply_error(exchange, status, sentence, instead);
  return http::BodyMode::kDiscard;
}

http::BodyMode StreamRoute::on_head(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head();
  if (const http::Refusal refusal = http::check_websocket_handshake(head)) {
    return refuse(exchange, refusal.status, refusal.sentence, refusal.allow);
  }
  MessageHead messages;
  messages.open(head, exchange.arena());
  if (const auto terms = negotiate_types(messages.content_type(), messages.accept(), std::nullopt);
      !terms) {
    return refuse(exchange, terms.error().status, terms.error().sentence);
  }
  const http::WebsocketAccept accept(head.header("Sec-WebSocket-Key"));
  const std::array<http::Header, 3> fields{{{"Upgrade", "websocket"},
                                            {"Connection", "Upgrade"},
                                            {"Sec-WebSocket-Accept", accept.text()}}};
  around_.invocations.count(exchange, Route::kStream, 101);
  exchange.switch_protocols({.status = 101, .content_type = {}, .extra_headers = fields});
  MessageStream& stream = take_stream();
  exchange.user() = &stream;
  stream.open(exchange);
  if (draining_) {
    stream.begin_drain();
  }
  return http::BodyMode::kStream;
}

void StreamRoute::on_body(http::Exchange& exchange, std::string_view piece, bool last) {
  MessageStream& stream = of(exchange);
  stream.on_bytes(piece, last);
  give_back_if_over(stream);
}

void StreamRoute::on_writable(http::Exchange& exchange) {
  MessageStream& stream = of(exchange);
  stream.on_writable();
  give_back_if_over(stream);
}

void StreamRoute::on_due(http::Exchange& exchange) {
  MessageStream& stream = of(exchange);
  stream.on_due();
  give_back_if_over(stream);
}

void StreamRoute::on_abandoned(http::Exchange& exchange) {
  MessageStream& stream = of(exchange);
  stream.on_abandoned();
  give_back_if_over(stream);
}

void StreamRoute::begin_drain() {
  draining_ = true;
  for (const auto& stream : all_) {
    if (stream->is_open()) {
      stream->begin_drain();
    }
  }
}

}  // namespace ringmaker::serve
