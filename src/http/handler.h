// Handler: what an application does with requests. http parses, orders and frames; it has never
// heard of what the requests mean.
//
// The life of an exchange: on_head once the head is known and valid; then, as on_head asked,
// on_request with the whole body in hand, or on_body piece by piece, or neither. The handler
// answers with Exchange::respond (at once or later, from the same thread), or streams a response
// with begin_response / write / finish. If the peer goes away or is cut off first, on_abandoned is
// called instead and the exchange must not be touched again. Exactly one of "answered" and
// on_abandoned happens to each exchange that on_head has seen.
#pragma once

#include "http/refusal.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::http {

class Exchange;
struct RequestHead;

enum class BodyMode : uint8_t {
  kCollect,  // on_request is called with the whole body; no body means an empty one
  kStream,   // on_body is called for each piece, the last one (perhaps empty) marked
  kDiscard,  // answered (or about to be) without reading it; the body is skipped within limits
};

/// All calls come from the shard's thread. None may throw.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Before any body byte is read and before "100 Continue" is sent. Having already responded here
  /// implies kDiscard.
  virtual BodyMode on_head(Exchange& exchange) noexcept = 0;

  /// `body` is valid during the call only.
  virtual void on_request(Exchange& exchange, std::string_view body) noexcept = 0;

  /// `piece` is valid during the call only, all of it is taken. To slow the peer down, call
  /// exchange.pause_body(); pieces already received may still come.
  virtual void on_body(Exchange& exchange, std::string_view piece, bool last) noexcept = 0;

  /// Room to write again, after Exchange::write asked to wait.
  virtual void on_writable(Exchange& exchange) noexcept = 0;

  /// The time has come that was given to Exchange::wake_at.
  virtual void on_due(Exchange& /*exchange*/) noexcept {}

  /// The kernel has taken all bytes of one or more answers that were sent together, so long after
  /// it was given the first.
  virtual void on_written(uint64_t nanoseconds) noexcept = 0;

  /// The exchange ends without its answer having been sent. Drop every reference to it.
  virtual void on_abandoned(Exchange& exchange) noexcept = 0;

  /// The peer has gone after so many bytes of this request's body, which has not ended: for those
  /// who log. on_abandoned follows.
  virtual void on_body_cut(const RequestHead& /*head*/, uint64_t /*bytes*/) noexcept {}

  /// http has turned down a request by itself: for those who count and log. `head` is what is known
  /// of it, its path perhaps; null: too little came. If on_head has seen the request, on_abandoned
  /// follows, and then, unless its answer had begun, answer_refusal.
  virtual void on_refused(const Refusal& refusal, const RequestHead* head) noexcept = 0;

  /// Tells the peer so: exchange.respond(), with the refusal's status or one that stands for it,
  /// before this returns.
  /// `exchange` has the head, empty where too little came, and nothing else of the request. The
  /// connection is closed behind the answer.
  virtual void answer_refusal(Exchange& exchange, const Refusal& refusal) noexcept = 0;

  /// The same for a whole connection.
  virtual void on_connection_refused(const Refusal& refusal) noexcept = 0;
};

}  // namespace ringmaker::http
