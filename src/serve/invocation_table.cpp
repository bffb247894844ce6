#include "serve/invocation_table.h"

#include "base/check.h"
#include "serve/response_streaming.h"

#include <utility>

namespace ringmaker::serve {

Invocation& InvocationTable::of(http::Exchange& exchange) noexcept {
  RM_CHECK(exchange.user() != nullptr);
  return *static_cast<Invocation*>(exchange.user());
}

Invocation& InvocationTable::begin(http::Exchange& exchange, ShardModel& model, Route route,
                                   const InvocationTerms& terms) {
  models_.enter(model);
  Invocation& invocation = pool_.take();
  invocation.exchange = &exchange;
  invocation.model = &model;
  invocation.route = route;
  invocation.in = terms.in;
  invocation.payload_options = terms.options;
  invocation.out = terms.out;
  invocation.outputs = terms.outputs;
  invocation.model_name = terms.model_name;
  if (!terms.outputs.empty()) {
    invocation.selected = invocation.lane().encoder(terms.out, terms.outputs);
  }
  invocation.deadline_ns = UINT64_MAX;
  invocation.arrival = 0;
  invocation.times = {};
  invocation.bytes_decoded = 0;
  invocation.rows_encoded = 0;
  invocation.whole_rows_max = 0;
  invocation.pass = 0;
  invocation.sizes = {};
  invocation.marks = false;
  invocation.heeded = false;
  invocation.mark_told = false;
  invocation.in_line = false;
  invocation.paused = false;
  invocation.ended = false;
  invocation.gathered = false;
  invocation.streams = asks_for_streaming(exchange.head());
  invocation.timed = asks_for_timing(exchange.head());
  invocation.begun = false;
  invocation.unread = false;
  exchange.user() = &invocation;
  return invocation;
}

void InvocationTable::end(Invocation& invocation) {
  leave_line(invocation);
  note_queued(invocation, 0);
  give_back_decoder(invocation);
  if (invocation.payload != nullptr) {
    invocation.lane().give_back(std::move(invocation.payload));
  }
  invocation.selected.reset();
  coded_.end(invocation);
  models_.leave(*invocation.model);
  invocation.model = nullptr;
  invocation.exchange = nullptr;
  pool_.give_back(invocation);
}

void InvocationTable::give_back_decoder(Invocation& invocation) {
  note_decoder_bytes(invocation, 0);
  if (invocation.decoder != nullptr) {
    invocation.lane().give_back(invocation.in, std::move(invocation.decoder));
  }
}

void InvocationTable::note_decoder_bytes(Invocation& invocation, uint64_t bytes) noexcept {
  decoder_bytes_held_ += bytes - invocation.decoder_bytes_held;
  invocation.decoder_bytes_held = bytes;
}

void InvocationTable::line_up(Invocation& invocation) {
  if (!invocation.in_line) {
    invocation.in_line = true;
    line_.push_back(&invocation);
  }
}

Invocation& InvocationTable::next_in_line() {
  RM_CHECK(!line_.empty());
  Invocation& next = *line_.front();
  leave_line(next);
  return next;
}

void InvocationTable::leave_line(Invocation& invocation) {
  if (invocation.in_line) {
    invocation.in_line = false;
    std::erase(line_, &invocation);
  }
}

}  // namespace ringmaker::serve
