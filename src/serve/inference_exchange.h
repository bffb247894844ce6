// InferenceExchange: a request to a model by an inference protocol, whose clients know errors as
// {"error": "..."} and nothing else.
#pragma once

#include "serve/forwarding_exchange.h"

#include <string_view>

namespace ringmaker::serve {

class InferenceExchange final : public ForwardingExchange {
 public:
  static InferenceExchange& make(http::Exchange& outer) {
    return make_in_arena<InferenceExchange>(outer);
  }

  void respond(const http::ResponseHead& head, std::string_view body) override;

 private:
  friend class ForwardingExchange;
  explicit InferenceExchange(http::Exchange& outer) noexcept : ForwardingExchange(outer) {}
};

}  // namespace ringmaker::serve
