#include "tests/support/simulated_backend.h"

#include "base/check.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <numeric>
#include <utility>

namespace ringmaker::test {
namespace {

using io::Completion;
using io::CompletionKind;
using io::StreamId;

constexpr int kRoundsPerTurnMax = 3;
constexpr int kAcceptsPerTurn = 8;
constexpr int kAcceptPauseTurns = 3;

}  // namespace

std::string unix_name(int descriptor, bool of_peer) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const int result = of_peer ? ::getpeername(descriptor, generic, &size)
                             : ::getsockname(descriptor, generic, &size);
  if (result != 0 || address.sun_family != AF_UNIX || size <= sizeof address.sun_family) {
    return {};
  }
  return {address.sun_path, size - sizeof address.sun_family};
}

SimulatedBackend::SimulatedBackend(uint64_t seed, const io::BackendOptions& options,
                                   const SimulatedFaults& faults,
                                   std::function<void(uint64_t)> pass_time)
    : random_(seed),
      options_(options),
      faults_(faults),
      pass_time_(std::move(pass_time)),
      buffers_(options.buffer_count, options.buffer_bytes) {}

SimulatedBackend::~SimulatedBackend() {
  for (const Stream& stream : streams_) {
    if (stream.descriptor >= 0) {
      ::close(stream.descriptor);
    }
  }
}

SimulatedBackend::Stream& SimulatedBackend::at(StreamId stream) {
  RM_CHECK(stream < streams_.size());
  RM_CHECK(streams_[stream].descriptor >= 0);
  RM_CHECK(!streams_[stream].closing);
  return streams_[stream];
}

bool SimulatedBackend::fault(double probability) {
  const bool injected = probability > 0 && random_.chance(probability);
  injected_ += injected ? 1 : 0;
  return injected;
}

void SimulatedBackend::start_accepting(int listener) {
  RM_CHECK(listener_ < 0);
  listener_ = listener;
}

void SimulatedBackend::stop_accepting() { listener_ = -1; }

base::Result<StreamId> SimulatedBackend::add_stream(int descriptor) {
  if (free_.empty() && streams_.size() >= options_.streams_max) {
    return base::fail(base::ErrorCode::kExhausted, "too many connections");
  }
  if (fault(faults_.no_stream)) {
    broken_.insert(unix_name(descriptor, true));
    return base::fail(base::ErrorCode::kExhausted, "no memory for another connection");
  }
  StreamId id = static_cast<StreamId>(streams_.size());
  if (free_.empty()) {
    streams_.emplace_back();
  } else {
    id = free_.back();  // the one closed last: reuse as soon as can be
    free_.pop_back();
  }
  streams_[id] = Stream{};
  streams_[id].descriptor = descriptor;
  ++open_;
  return id;
}

void SimulatedBackend::start_receive(StreamId stream) {
  at(stream).receiving = true;
  at(stream).pausing = false;
}

void SimulatedBackend::pause_receive(StreamId stream) {
  // A cancellation that loses the race.
  at(stream).pausing = at(stream).receiving && fault(faults_.late_pause);
  at(stream).receiving = at(stream).pausing;
}

void SimulatedBackend::return_buffer(io::BufferId buffer) { buffers_.give_back(buffer); }

void SimulatedBackend::send(StreamId id, std::span<const char> bytes) {
  Stream& stream = at(id);
  RM_CHECK(!stream.sending);
  RM_CHECK(!bytes.empty());
  stream.sending = true;
  stream.to_send = bytes;
}

void SimulatedBackend::shutdown_send(StreamId id) {
  RM_CHECK(!at(id).sending);
  ::shutdown(at(id).descriptor, SHUT_WR);
}

void SimulatedBackend::close(StreamId id) { at(id).closing = true; }

void SimulatedBackend::reset(StreamId id) {
  const linger hard{1, 0};
  ::setsockopt(at(id).descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(id);
}

std::span<const Completion> SimulatedBackend::wait(uint64_t timeout_ns) {
  ++stats_.waits;
  for (const Completion& completion : completions_) {
    if (completion.kind == CompletionKind::kClosed) {
      free_.push_back(completion.stream);
    }
  }
  completions_.clear();
  if (fault(faults_.interrupted)) {
    return completions_;
  }
  gather();
  if (completions_.empty() && timeout_ns > 0) {
    pass_time_(timeout_ns);
    gather();
  }
  stats_.completions += completions_.size();
  return completions_;
}

void SimulatedBackend::gather() {
  out_of_buffers_ = false;
  if (notified_.exchange(false) || fault(faults_.woken)) {
    completions_.emplace_back();
    ++wakes_;
  }
  accept_some();
  const int rounds = 1 + static_cast<int>(random_.below(kRoundsPerTurnMax));
  for (int round = 0; round < rounds; ++round) {
    order_.resize(streams_.size());
    std::iota(order_.begin(), order_.end(), StreamId{0});
    std::shuffle(order_.begin(), order_.end(), random_);
    for (const StreamId id : order_) {
      progress(id);
    }
  }
}

void SimulatedBackend::accept_some() {
  if (accept_pause_ > 0) {
    --accept_pause_;
    return;
  }
  for (int i = 0; i < kAcceptsPerTurn && listener_ >= 0; ++i) {
    if (fault(faults_.accept_pause)) {
      errno = EMFILE;
    } else {
      const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted >= 0) {
        completions_.push_back(
            {CompletionKind::kAccepted, io::kNoStream, accepted, io::kNoBuffer, {}});
        continue;
      }
    }
    if (errno == EMFILE) {
      ++stats_.accept_pauses;
      accept_pause_ = kAcceptPauseTurns;
    }
    return;
  }
}

void SimulatedBackend::progress(StreamId id) {
  const Stream& stream = streams_[id];
  if (stream.descriptor < 0 || fault(faults_.late)) {
    return;
  }
  if (stream.closing) {
    close_now(id);
    return;
  }
  // Either may come first.
  const bool send_first = random_.below(2) == 0;
  if (send_first && stream.sending) {
    send_some(id);
  }
  if (stream.receiving && !stream.receive_ended) {
    receive_some(id);
  }
  if (!send_first && stream.sending) {
    send_some(id);
  }
}

void SimulatedBackend::close_now(StreamId id) {
  Stream& stream = streams_[id];
  // A kernel may read what is in flight until the very end: the bytes must still be there.
  volatile char sink = 0;
  for (const char byte : stream.to_send) {
    sink = byte;
  }
  static_cast<void>(sink);
  ::close(stream.descriptor);
  stream.descriptor = -1;
  --open_;
  completions_.push_back({CompletionKind::kClosed, id, 0, io::kNoBuffer, {}});
}

bool SimulatedBackend::break_connection(Stream& stream) {
  if (!fault(faults_.broken)) {
    return false;
  }
  broken_.insert(unix_name(stream.descriptor, true));
  ::shutdown(stream.descriptor, SHUT_RDWR);
  return true;
}

void SimulatedBackend::send_some(StreamId id) {
  Stream& stream = streams_[id];
  size_t size = std::min<size_t>(stream.to_send.size(), std::numeric_limits<int32_t>::max());
  if (fault(faults_.short_send)) {
    size = 1 + random_.below(size);
  }
  int32_t result = -ECONNRESET;
  if (!break_connection(stream)) {
    const ssize_t sent =
        ::send(stream.descriptor, stream.to_send.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    result = sent < 0 ? -errno : static_cast<int32_t>(sent);
  }
  stream.sending = false;
  stream.to_send = {};
  completions_.push_back({CompletionKind::kSent, id, result, io::kNoBuffer, {}});
}

void SimulatedBackend::receive_some(StreamId id) {
  Stream& stream = streams_[id];
  if (buffers_.empty() || fault(faults_.no_buffer)) {
    // As a kernel does: once a turn, however many streams are waiting.
    stats_.buffers_exhausted += out_of_buffers_ ? 0 : 1;
    out_of_buffers_ = true;
    return;
  }
  if (break_connection(stream)) {
    stream.receive_ended = true;
    completions_.push_back({CompletionKind::kReceived, id, -ECONNRESET, io::kNoBuffer, {}});
    return;
  }
  const io::BufferId buffer = buffers_.take();
  std::span<char> room = buffers_.bytes(buffer);
  if (fault(faults_.short_receive)) {
    room = room.first(1 + random_.below(random_.below(2) == 0 ? 2 : room.size()));
  }
  const ssize_t got = ::recv(stream.descriptor, room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0) {
    stream.receiving = !stream.pausing;
    stream.pausing = false;
    completions_.push_back({CompletionKind::kReceived, id, static_cast<int32_t>(got), buffer,
                            room.first(static_cast<size_t>(got))});
    return;
  }
  const int error_number = got < 0 ? errno : 0;
  buffers_.give_back(buffer);
  if (error_number == EAGAIN || error_number == EINTR) {
    return;
  }
  stream.receive_ended = true;
  completions_.push_back({CompletionKind::kReceived, id, -error_number, io::kNoBuffer, {}});
}

}  // namespace ringmaker::test
