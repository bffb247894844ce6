#include "serve/message_exchange.h"

#include "base/check.h"
#include "serve/error_reply.h"
#include "serve/message_stream.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

namespace ringmaker::serve {
namespace {

bool is_text(std::string_view content_type) noexcept {
  return content_type.starts_with("text/") || content_type.starts_with("application/json");
}

}  // namespace

void MessageExchange::begin(uint64_t started_ns) noexcept {
  started_ns_ = started_ns;
  user_ = nullptr;
  binary_ = false;
  continues_ = false;
  complete_ = false;
  wants_writable_ = false;
}

uint64_t MessageExchange::waited_ns() const noexcept { return stream_.waited_ns(); }

base::Arena& MessageExchange::arena() noexcept { return stream_.arena(); }

void MessageExchange::respond(const http::ResponseHead& head, std::string_view body) {
  RM_CHECK(!continues_ && !complete_);
  if (head.status < 400) {
    binary_ = !is_text(head.content_type);
    stream_.emit(*this, body, true);
  } else {
    stream_.emit(*this,
                 fmt::format(R"({{"ModelStreamError":{{"ErrorCode":"{}","Message":{}}}}})",
                             head.status, error_sentence_json(head, body)),
                 true);
  }
  stream_.complete(*this);
}

void MessageExchange::begin_response(const http::ResponseHead& head,
                                     std::optional<uint64_t> /*body_bytes*/) {
  RM_CHECK(!continues_ && !complete_ && head.status < 400);
  binary_ = !is_text(head.content_type);
}

bool MessageExchange::write(std::string_view part) {
  RM_CHECK(!complete_);
  const bool room = part.empty() || stream_.emit(*this, part, false);
  wants_writable_ = !room;
  return room;
}

void MessageExchange::finish() {
  stream_.emit(*this, {}, true);
  stream_.complete(*this);
}

void MessageExchange::abort(std::string_view /*why*/) { stream_.abort(*this); }

void MessageExchange::switch_protocols(const http::ResponseHead& /*head*/) { RM_CHECK(false); }

void MessageExchange::wake_at(uint64_t /*time_ns*/) { RM_CHECK(false); }

void MessageExchange::pause_body() { stream_.pause(*this); }

void MessageExchange::resume_body() { stream_.resume(*this); }

}  // namespace ringmaker::serve
