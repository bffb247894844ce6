#include "http/server.h"

#include "base/check.h"
#include "io/socket.h"

#include <utility>

namespace ringmaker::http {
namespace {

constexpr uint64_t kDateFreshNs = 200 * base::kNanosecondsPerMillisecond;

constexpr std::string_view kTooManyConnections = "Too many connections; retry\n";

}  // namespace

Server::Server(io::Reactor& reactor, Handler& handler, const ServerOptions& options)
    : reactor_(reactor), handler_(handler), options_(options), budget_(options.held_bytes_max) {
  slabs_.push_back(std::make_unique<Slab>());
  dirty_.reserve(kSlab);
  flushing_.reserve(kSlab);
}

Server::~Server() {
  for (const auto& slab : slabs_) {
    for (Connection& connection : *slab) {
      reactor_.timers().cancel(connection.timer);
    }
  }
}

Connection& Server::at(io::StreamId stream) {
  while (stream / kSlab >= slabs_.size()) {
    slabs_.push_back(std::make_unique<Slab>());
  }
  return (*slabs_[stream / kSlab])[stream % kSlab];
}

bool Server::adopt(int descriptor) {
  const auto stream = reactor_.backend().add_stream(descriptor);
  if (!stream) {
    ++stats_.connections_refused;
    handler_.on_connection_refused({503, "there are as many connections as there may be"});
    const Header retry{"Retry-After", "1"};
    std::string answer;
    append_head(
        answer,
        {.status = 503,
         .content_type = "text/plain; charset=utf-8",
         .extra_headers = std::span(&retry, 1)},
        {.body_bytes = kTooManyConnections.size(), .connection = HeadFrame::Connection::kClose},
        date());
    io::refuse_connection(descriptor, answer.append(kTooManyConnections));
    return false;
  }
  ++stats_.connections_opened;
  ++open_;
  at(*stream).open(*this, *stream);
  return true;
}

void Server::handle(const io::Completion& completion) {
  if (completion.stream == io::kNoStream) {
    return;
  }
  Connection& connection = at(completion.stream);
  switch (completion.kind) {
    case io::CompletionKind::kReceived:
      if (completion.result > 0) {
        connection.on_received({completion.bytes.data(), completion.bytes.size()});
        reactor_.backend().return_buffer(completion.buffer);
      } else if (completion.result == 0) {
        connection.on_end_of_stream();
      } else {
        connection.on_broken();
      }
      break;
    case io::CompletionKind::kSent:
      connection.on_sent(completion.result);
      break;
    case io::CompletionKind::kClosed:
      connection.on_closed();
      --open_;
      break;
    case io::CompletionKind::kAccepted:
    case io::CompletionKind::kWoken:
      break;
  }
}

void Server::finish_turn() {
  reactor_.timers().advance(reactor_.now_ns(),
                            [this](io::Timer& timer) { at(timer.owner).on_timer(); });
  // What a flush makes dirty again is for the next turn: neighbours come first.
  std::swap(dirty_, flushing_);
  for (Connection* connection : flushing_) {
    connection->dirty = false;
    connection->flush();
  }
  flushing_.clear();
}

void Server::begin_drain() {
  if (draining()) {
    return;
  }
  drain_begun_ns_ = reactor_.now_ns();
  for (const auto& slab : slabs_) {
    for (Connection& connection : *slab) {
      if (connection.is_open()) {
        connection.begin_drain();
      }
    }
  }
}

void Server::hasten_drain() {
  options_.limits.drain_silence_ns = base::kNanosecondsPerSecond;
  for (const auto& slab : slabs_) {
    for (Connection& connection : *slab) {
      if (connection.is_open()) {
        connection.begin_drain();
      }
    }
  }
}

void Server::note_refusal(const Refusal& refusal, const RequestHead* head) noexcept {
  ++stats_.refusals[static_cast<size_t>(refusal.status)];
  handler_.on_refused(refusal, head);
}

std::string_view Server::date() noexcept {
  const uint64_t now = reactor_.now_ns();
  if (date_text_.empty() || now - date_ns_ > kDateFreshNs) {
    date_ns_ = now;
    date_text_ = date_.at(reactor_.clock().wall_ns());
  }
  return date_text_;
}

}  // namespace ringmaker::http
