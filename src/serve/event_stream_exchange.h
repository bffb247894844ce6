// EventStreamExchange: an invocation whose answer comes bit by bit, as the clients of SageMaker's
// API make it (InvokeEndpointWithResponseStream).
//
// Who answers it sees the request as the platform forwards it: what the caller accepts stands in
// Accept, and the API is named. Scores leave as PayloadPart events as soon as they are written. An
// answer that ends in the middle ends with a ModelStreamError, which says why; what goes wrong
// before it began is left to `outer`, which has a status for it.
#pragma once

#include "serve/forwarding_exchange.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// `outer` must outlive it, and so must the room for an event under construction.
class EventStreamExchange final : public ForwardingExchange {
 public:
  static EventStreamExchange& make(http::Exchange& outer, std::string& event) {
    return make_in_arena<EventStreamExchange>(outer, event);
  }

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return head_; }
  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;
  [[nodiscard]] bool write(std::string_view part) override;
  void abort(std::string_view why) override;

 private:
  friend class ForwardingExchange;
  EventStreamExchange(http::Exchange& outer, std::string& event);

  std::string& event_;
  http::RequestHead head_;
};

}  // namespace ringmaker::serve
