// What a handler of a test says when http turns down a request.
#pragma once

#include "http/exchange.h"
#include "http/refusal.h"

#include <span>
#include <string>

namespace ringmaker::test {

inline void answer_plainly(http::Exchange& exchange, const http::Refusal& refusal) {
  const http::Header allow{"Allow", refusal.allow};
  exchange.respond({.status = refusal.status,
                    .content_type = "text/plain",
                    .extra_headers = std::span(&allow, refusal.allow.empty() ? 0 : 1)},
                   std::string(refusal.sentence) + '\n');
}

}  // namespace ringmaker::test
