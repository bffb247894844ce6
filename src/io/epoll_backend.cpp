#include "io/epoll_backend.h"

#include "base/check.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace ringmaker::io {
namespace {

constexpr uint64_t kListenerTag = UINT64_MAX;
constexpr uint64_t kWakeTag = UINT64_MAX - 1;
constexpr size_t kEventsPerWait = 256;
constexpr int kAcceptsPerTurn = 64;
constexpr uint64_t kAcceptPauseNs = 50 * base::kNanosecondsPerMillisecond;

bool watch(int epoll, int operation, int descriptor, uint32_t events, uint64_t tag) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  return ::epoll_ctl(epoll, operation, descriptor, &event) == 0;
}

}  // namespace

base::Result<std::unique_ptr<EpollBackend>> EpollBackend::create(const base::Clock& clock,
                                                                 const BackendOptions& options) {
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) {
    return base::fail(base::system_error(errno, "cannot create an epoll instance"));
  }
  Descriptor wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake) {
    return base::fail(base::system_error(errno, "cannot create an eventfd"));
  }
  if (!watch(epoll.get(), EPOLL_CTL_ADD, wake.get(), EPOLLIN | EPOLLET, kWakeTag)) {
    return base::fail(base::system_error(errno, "cannot watch an eventfd"));
  }
  return std::unique_ptr<EpollBackend>(
      new EpollBackend(clock, options, std::move(epoll), std::move(wake)));
}

EpollBackend::EpollBackend(const base::Clock& clock, const BackendOptions& options,
                           Descriptor epoll, Descriptor wake)
    : clock_(clock),
      options_(options),
      epoll_(std::move(epoll)),
      wake_(std::move(wake)),
      buffers_(options.buffer_count, options.buffer_bytes) {
  completions_.reserve(kEventsPerWait * 2);
  queued_.reserve(kEventsPerWait * 2);
  ready_.reserve(kEventsPerWait);
  still_ready_.reserve(kEventsPerWait);
}

EpollBackend::~EpollBackend() {
  for (const Stream& stream : streams_) {
    if (stream.descriptor >= 0) {
      ::close(stream.descriptor);
    }
  }
}

EpollBackend::Stream& EpollBackend::at(StreamId stream) noexcept {
  RM_CHECK(stream < streams_.size());
  RM_CHECK(!streams_[stream].closing);
  return streams_[stream];
}

void EpollBackend::start_accepting(int listener) {
  RM_CHECK(listener_ < 0);
  listener_ = listener;
  accept_again_ns_ = 0;
  watch_listener(true);
}

void EpollBackend::stop_accepting() {
  watch_listener(false);
  listener_ = -1;
  accept_again_ns_ = 0;
}

void EpollBackend::watch_listener(bool on) noexcept {
  if (on == listener_watched_) {
    return;
  }
  // Level-triggered: a turn accepts a bounded number and is told again about the rest.
  watch(epoll_.get(), on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, listener_, EPOLLIN, kListenerTag);
  listener_watched_ = on;
}

base::Result<StreamId> EpollBackend::add_stream(int descriptor) {
  if (free_streams_.empty() && streams_.size() >= options_.streams_max) {
    return base::fail(base::ErrorCode::kExhausted, "too many connections");
  }
  StreamId id = static_cast<StreamId>(streams_.size());
  if (free_streams_.empty()) {
    streams_.emplace_back();
  } else {
    id = free_streams_.back();
    free_streams_.pop_back();
  }
  if (!watch(epoll_.get(), EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
             id)) {
    const int error_number = errno;
    free_streams_.push_back(id);
    return base::fail(base::system_error(error_number, "cannot watch a connection"));
  }
  streams_[id] = Stream{};
  streams_[id].descriptor = descriptor;
  // The first request often arrives with the connection: trying costs less than asking.
  streams_[id].readable = true;
  return id;
}

void EpollBackend::list_if_ready(StreamId id) {
  Stream& stream = streams_[id];
  if (stream.readable && stream.receiving && !stream.receive_ended && !stream.closing &&
      !stream.ready_listed) {
    stream.ready_listed = true;
    ready_.push_back(id);
  }
}

void EpollBackend::start_receive(StreamId id) {
  at(id).receiving = true;
  list_if_ready(id);
}

void EpollBackend::pause_receive(StreamId id) { at(id).receiving = false; }

void EpollBackend::return_buffer(BufferId buffer) { buffers_.give_back(buffer); }

void EpollBackend::send(StreamId id, std::span<const char> bytes) {
  Stream& stream = at(id);
  RM_CHECK(!stream.sending);
  RM_CHECK(!bytes.empty());
  stream.sending = true;
  stream.to_send = bytes;
  if (stream.writable) {
    try_send(id);
  }
}

void EpollBackend::try_send(StreamId id) {
  Stream& stream = streams_[id];
  constexpr size_t kSendBytesMax = std::numeric_limits<int32_t>::max();
  const size_t size = std::min(stream.to_send.size(), kSendBytesMax);
  ssize_t sent = 0;
  do {
    sent = ::send(stream.descriptor, stream.to_send.data(), size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    stream.writable = false;
    return;
  }
  stream.sending = false;
  queue(CompletionKind::kSent, id, sent < 0 ? -errno : static_cast<int32_t>(sent));
}

uint64_t EpollBackend::waited_ns(StreamId id) const noexcept {
  return since_last_bytes_ns(streams_[id].descriptor);
}

void EpollBackend::queue(CompletionKind kind, StreamId stream, int32_t result) {
  Completion& completion = queued_.emplace_back();
  completion.kind = kind;
  completion.stream = stream;
  completion.result = result;
}

void EpollBackend::shutdown_send(StreamId id) {
  RM_CHECK(!at(id).sending);
  ::shutdown(at(id).descriptor, SHUT_WR);
}

void EpollBackend::close(StreamId id) {
  Stream& stream = at(id);
  ::close(stream.descriptor);
  stream.descriptor = -1;
  stream.closing = true;
  queue(CompletionKind::kClosed, id, 0);
}

void EpollBackend::reset(StreamId id) {
  const linger hard{1, 0};
  ::setsockopt(at(id).descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(id);
}

std::span<const Completion> EpollBackend::wait(uint64_t timeout_ns) {
  free_closed();
  completions_.clear();
  if (accept_again_ns_ != 0) {
    const uint64_t now = clock_.now_ns();
    if (now >= accept_again_ns_) {
      accept_again_ns_ = 0;
      watch_listener(true);
    } else {
      timeout_ns = std::min(timeout_ns, accept_again_ns_ - now);
    }
  }
  const bool have_work = !queued_.empty() || (!ready_.empty() && !buffers_.empty());
  poll(have_work ? 0 : timeout_ns);
  take_queued();
  receive_ready();
  stats_.completions += completions_.size();
  return completions_;
}

void EpollBackend::free_closed() {
  for (const Completion& completion : completions_) {
    if (completion.kind == CompletionKind::kClosed) {
      free_streams_.push_back(completion.stream);
    }
  }
}

void EpollBackend::poll(uint64_t timeout_ns) {
  std::array<epoll_event, kEventsPerWait> events;
  constexpr uint64_t kLongestMs = 60'000;
  // Rounded up, so that a timer is due when its wait has ended.
  const uint64_t ms = std::min(timeout_ns / base::kNanosecondsPerMillisecond +
                                   (timeout_ns % base::kNanosecondsPerMillisecond != 0 ? 1 : 0),
                               kLongestMs);
  ++stats_.waits;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsPerWait, static_cast<int>(ms));
  RM_CHECK(count >= 0 || errno == EINTR);
  if (count > 0) {
    take_events({events.data(), static_cast<size_t>(count)});
  }
}

void EpollBackend::take_events(std::span<const epoll_event> events) {
  for (const epoll_event& event : events) {
    if (event.data.u64 == kListenerTag) {
      accept_ready();
      continue;
    }
    if (event.data.u64 == kWakeTag) {
      uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
      completions_.emplace_back();
      continue;
    }
    const auto id = static_cast<StreamId>(event.data.u64);
    Stream& stream = streams_[id];
    if (stream.closing || stream.descriptor < 0) {
      continue;
    }
    if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      stream.readable = true;
      stream.peer_finished |= (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
      list_if_ready(id);
    }
    if ((event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
      stream.writable = true;
      if (stream.sending) {
        try_send(id);
      }
    }
  }
}

void EpollBackend::take_queued() {
  for (const Completion& completion : queued_) {
    // A stream closed since its send was done reports nothing but the close.
    if (completion.kind == CompletionKind::kSent && streams_[completion.stream].closing) {
      continue;
    }
    completions_.push_back(completion);
  }
  queued_.clear();
}

void EpollBackend::receive_ready() {
  still_ready_.clear();
  for (size_t i = 0; i < ready_.size(); ++i) {
    const StreamId id = ready_[i];
    Stream& stream = streams_[id];
    if (stream.closing || !stream.receiving || stream.receive_ended || !stream.readable) {
      stream.ready_listed = false;
      continue;
    }
    if (buffers_.empty()) {
      ++stats_.buffers_exhausted;
      still_ready_.insert(still_ready_.end(), ready_.begin() + static_cast<ptrdiff_t>(i),
                          ready_.end());
      break;
    }
    receive(id);
    if (stream.readable && !stream.receive_ended) {
      still_ready_.push_back(id);
    } else {
      stream.ready_listed = false;
    }
  }
  std::swap(ready_, still_ready_);
}

void EpollBackend::receive(StreamId id) {
  Stream& stream = streams_[id];
  const BufferId buffer = buffers_.take();
  const std::span<char> room = buffers_.bytes(buffer);
  ssize_t got = 0;
  do {
    got = ::recv(stream.descriptor, room.data(), room.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    if (static_cast<size_t>(got) < room.size() && !stream.peer_finished) {
      stream.readable = false;
    }
    completions_.push_back({CompletionKind::kReceived, id, static_cast<int32_t>(got), buffer,
                            room.first(static_cast<size_t>(got))});
    return;
  }
  const int error_number = got < 0 ? errno : 0;
  buffers_.give_back(buffer);
  if (error_number == EAGAIN || error_number == EWOULDBLOCK) {
    stream.readable = false;
    return;
  }
  stream.receive_ended = true;
  completions_.push_back({CompletionKind::kReceived, id, -error_number, kNoBuffer, {}});
}

void EpollBackend::accept_ready() {
  for (int i = 0; i < kAcceptsPerTurn && listener_ >= 0; ++i) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      completions_.push_back({CompletionKind::kAccepted, kNoStream, descriptor, kNoBuffer, {}});
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      pause_accepting();
      return;
    }
    if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void EpollBackend::pause_accepting() {
  stats_.connections_shed += reserve_.shed_one(listener_) ? 1 : 0;
  ++stats_.accept_pauses;
  watch_listener(false);
  accept_again_ns_ = clock_.now_ns() + kAcceptPauseNs;
}

void EpollBackend::notify() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace ringmaker::io
