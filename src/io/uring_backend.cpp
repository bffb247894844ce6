#include "io/uring_backend.h"

#include "base/check.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>

namespace ringmaker::io {
namespace {

constexpr int kBufferGroup = 0;
constexpr uint64_t kAcceptPauseNs = 50 * base::kNanosecondsPerMillisecond;
constexpr unsigned kCompletionEntriesMax = 65'536;
constexpr uint32_t kGenerationMask = 0xFF'FFFF;

// The kernel answers EAGAIN at once, instead of waiting, for descriptors in non-blocking mode.
void make_blocking(int descriptor) noexcept {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if ((flags & O_NONBLOCK) != 0) {
    ::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
  }
}

bool out_of_descriptors(int error_number) noexcept {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

base::Error refused(std::string_view call, int error_number) {
  const char* symbol = ::strerrorname_np(error_number);
  return {base::ErrorCode::kPlatform,
          fmt::format("{} answered {}", call, symbol != nullptr ? symbol : "an unknown error")};
}

}  // namespace

uint64_t UringBackend::tag(Operation operation, uint32_t generation, StreamId stream) noexcept {
  return static_cast<uint64_t>(operation) << 56 |
         static_cast<uint64_t>(generation & kGenerationMask) << 32 | stream;
}

base::Result<std::unique_ptr<UringBackend>> UringBackend::create(
    const base::Clock& clock, const BackendOptions& options, const UringOptions& uring_options) {
  std::unique_ptr<UringBackend> backend(new UringBackend(clock, options));
  RM_TRY(backend->set_up_ring(uring_options));
  RM_TRY(backend->set_up_buffers());
  RM_TRY(backend->set_up_wake());
  return backend;
}

UringBackend::UringBackend(const base::Clock& clock, const BackendOptions& options)
    : clock_(clock), options_(options), lent_(options.buffer_count, false) {
  RM_CHECK(std::has_single_bit(options.buffer_count));
  constexpr size_t kTypicalPerTurn = 512;
  queued_.reserve(kTypicalPerTurn);
  completions_.reserve(kTypicalPerTurn);
}

base::Result<void> UringBackend::set_up_ring(const UringOptions& options) {
  const size_t wanted = options.completion_entries != 0
                            ? options.completion_entries
                            : std::min<size_t>(options_.streams_max * 4 + options_.buffer_count,
                                               kCompletionEntriesMax);
  // Older kernels know fewer flags and answer EINVAL: peel them off. A ring that does not fit the
  // limit on locked memory is tried once more, smaller.
  struct Size {
    size_t submissions;
    size_t completions;
  };
  const std::array<Size, 2> sizes{
      {{options.submission_entries, wanted},
       {std::min<size_t>(options.submission_entries, 128), std::min<size_t>(wanted, 1024)}}};
  constexpr std::array<unsigned, 3> kFlagSets{
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL,
      IORING_SETUP_COOP_TASKRUN, 0};
  int result = -EINVAL;
  for (const Size& size : sizes) {
    for (const unsigned flags : kFlagSets) {
      io_uring_params parameters{};
      parameters.flags = flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
      parameters.cq_entries = static_cast<unsigned>(size.completions);
      const auto submissions = static_cast<unsigned>(std::min(size.submissions, size.completions));
      result = ::io_uring_queue_init_params(submissions, &ring_, &parameters);
      if (result != -EINVAL) {
        break;
      }
    }
    if (result != -ENOMEM) {
      break;
    }
  }
  if (result < 0) {
    return base::fail(refused("io_uring_setup", -result));
  }
  ring_ready_ = true;
  if ((ring_.features & IORING_FEAT_NODROP) == 0 || (ring_.features & IORING_FEAT_EXT_ARG) == 0) {
    return base::fail(base::ErrorCode::kUnsupported, "io_uring of this kernel is too old");
  }
  return {};
}

base::Result<void> UringBackend::set_up_buffers() {
  buffer_ring_bytes_ = options_.buffer_count * sizeof(io_uring_buf);
  void* memory = ::mmap(nullptr, buffer_ring_bytes_, PROT_READ | PROT_WRITE,
                        MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (memory == MAP_FAILED) {
    return base::fail(base::system_error(errno, "memory for receive buffers"));
  }
  buffer_ring_ = static_cast<io_uring_buf_ring*>(memory);
  buffers_ = std::make_unique_for_overwrite<char[]>(options_.buffer_count * options_.buffer_bytes);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<uint64_t>(buffer_ring_);
  registration.ring_entries = static_cast<uint32_t>(options_.buffer_count);
  registration.bgid = kBufferGroup;
  const int result = ::io_uring_register_buf_ring(&ring_, &registration, 0);
  if (result < 0) {
    return base::fail(refused("io_uring_register", -result));
  }
  io_uring_buf_ring_init(buffer_ring_);
  for (size_t i = 0; i < options_.buffer_count; ++i) {
    recycle(static_cast<BufferId>(i));
  }
  return {};
}

base::Result<void> UringBackend::set_up_wake() {
  wake_ = Descriptor(::eventfd(0, EFD_CLOEXEC));
  if (!wake_) {
    return base::fail(base::system_error(errno, "cannot create an eventfd"));
  }
  arm_wake();
  const int result = ::io_uring_submit(&ring_);
  if (result < 0) {
    return base::fail(refused("io_uring_enter", -result));
  }
  return {};
}

UringBackend::~UringBackend() {
  if (ring_ready_) {
    // Sockets held by a ring outlive it for moments; cancelled first, they go with it.
    if (io_uring_sqe* sqe = ::io_uring_get_sqe(&ring_)) {
      ::io_uring_prep_cancel64(sqe, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
      sqe->user_data = tag(Operation::kCancel, 0, kNoStream);
      ::io_uring_submit_and_get_events(&ring_);
    }
    ::io_uring_queue_exit(&ring_);
  }
  for (const Stream& stream : streams_) {
    if (stream.descriptor >= 0) {
      ::close(stream.descriptor);
    }
  }
  if (buffer_ring_ != nullptr) {
    ::munmap(buffer_ring_, buffer_ring_bytes_);
  }
}

UringBackend::Stream& UringBackend::at(StreamId stream) noexcept {
  RM_CHECK(stream < streams_.size());
  RM_CHECK(!streams_[stream].closing);
  return streams_[stream];
}

io_uring_sqe* UringBackend::next_sqe() {
  for (;;) {
    if (io_uring_sqe* sqe = ::io_uring_get_sqe(&ring_)) {
      return sqe;
    }
    submit();
    // The kernel takes nothing while completions have nowhere to go: make room for them.
    if (::io_uring_sq_space_left(&ring_) == 0) {
      reap();
    }
  }
}

void UringBackend::submit() {
  ++stats_.waits;
  const int result = ::io_uring_submit_and_get_events(&ring_);
  RM_CHECK(result >= 0 || result == -EAGAIN || result == -EBUSY || result == -EINTR);
}

void UringBackend::recycle(BufferId buffer) noexcept {
  ::io_uring_buf_ring_add(
      buffer_ring_, buffers_.get() + size_t{buffer} * options_.buffer_bytes,
      static_cast<unsigned>(options_.buffer_bytes), static_cast<uint16_t>(buffer),
      ::io_uring_buf_ring_mask(static_cast<uint32_t>(options_.buffer_count)), 0);
  ::io_uring_buf_ring_advance(buffer_ring_, 1);
}

void UringBackend::return_buffer(BufferId buffer) {
  RM_CHECK(buffer < lent_.size());
  RM_CHECK(lent_[buffer]);
  lent_[buffer] = false;
  --buffers_lent_;
  recycle(buffer);
}

void UringBackend::start_accepting(int listener) {
  RM_CHECK(listener_ < 0);
  make_blocking(listener);
  listener_ = listener;
  accept_again_ns_ = 0;
  arm_accept();
}

void UringBackend::arm_accept() {
  if (accept_armed_) {
    return;
  }
  io_uring_sqe* sqe = next_sqe();
  ::io_uring_prep_multishot_accept(sqe, listener_, nullptr, nullptr, SOCK_CLOEXEC);
  sqe->user_data = tag(Operation::kAccept, 0, kNoStream);
  accept_armed_ = true;
}

void UringBackend::stop_accepting() {
  listener_ = -1;
  accept_again_ns_ = 0;
  if (accept_armed_) {
    io_uring_sqe* sqe = next_sqe();
    ::io_uring_prep_cancel64(sqe, tag(Operation::kAccept, 0, kNoStream), 0);
    sqe->user_data = tag(Operation::kCancel, 0, kNoStream);
  }
}

void UringBackend::finish_stop_accepting() {
  // A pending multishot accept keeps the port busy: its end is waited for. It comes at once.
  for (int i = 0; i < 1000 && listener_ < 0 && accept_armed_; ++i) {
    submit();
    reap();
  }
}

void UringBackend::arm_wake() {
  io_uring_sqe* sqe = next_sqe();
  ::io_uring_prep_read(sqe, wake_.get(), &wake_value_, sizeof wake_value_, 0);
  sqe->user_data = tag(Operation::kWake, 0, kNoStream);
}

base::Result<StreamId> UringBackend::add_stream(int descriptor) {
  if (free_streams_.empty() && streams_.size() >= options_.streams_max) {
    return base::fail(base::ErrorCode::kExhausted, "too many connections");
  }
  make_blocking(descriptor);
  StreamId id = static_cast<StreamId>(streams_.size());
  uint32_t generation = 0;
  if (free_streams_.empty()) {
    streams_.emplace_back();
  } else {
    id = free_streams_.back();
    free_streams_.pop_back();
    generation = (streams_[id].generation + 1) & kGenerationMask;
  }
  streams_[id] = Stream{};
  streams_[id].descriptor = descriptor;
  streams_[id].generation = generation;
  return id;
}

void UringBackend::start_receive(StreamId id) {
  Stream& stream = at(id);
  stream.receiving = true;
  if (!stream.receive_armed && !stream.receive_ended && !stream.parked) {
    arm_receive(id);
  }
}

void UringBackend::arm_receive(StreamId id) {
  Stream& stream = streams_[id];
  io_uring_sqe* sqe = next_sqe();
  if (stream.bulk) {
    ::io_uring_prep_recv(sqe, stream.descriptor, nullptr, 0, 0);
  } else {
    ::io_uring_prep_recv_multishot(sqe, stream.descriptor, nullptr, 0, 0);
  }
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = kBufferGroup;
  sqe->user_data = tag(Operation::kReceive, stream.generation, id);
  stream.receive_armed = true;
}

void UringBackend::pause_receive(StreamId id) {
  Stream& stream = at(id);
  if (!stream.receiving) {
    return;
  }
  stream.receiving = false;
  cancel_receive(id);
}

void UringBackend::cancel_receive(StreamId id) {
  Stream& stream = streams_[id];
  if (stream.receive_armed && stream.cancels == 0) {
    io_uring_sqe* sqe = next_sqe();
    ::io_uring_prep_cancel64(sqe, tag(Operation::kReceive, stream.generation, id), 0);
    sqe->user_data = tag(Operation::kCancel, stream.generation, id);
    ++stream.cancels;
  }
}

void UringBackend::send(StreamId id, std::span<const char> bytes) {
  Stream& stream = at(id);
  RM_CHECK(!stream.sending);
  RM_CHECK(!bytes.empty());
  constexpr size_t kSendBytesMax = std::numeric_limits<int32_t>::max();
  io_uring_sqe* sqe = next_sqe();
  ::io_uring_prep_send(sqe, stream.descriptor, bytes.data(), std::min(bytes.size(), kSendBytesMax),
                       MSG_NOSIGNAL);
  sqe->user_data = tag(Operation::kSend, stream.generation, id);
  stream.sending = true;
}

uint64_t UringBackend::waited_ns(StreamId id) const noexcept {
  return since_last_bytes_ns(streams_[id].descriptor);
}

void UringBackend::shutdown_send(StreamId id) {
  RM_CHECK(!at(id).sending);
  ::shutdown(at(id).descriptor, SHUT_WR);
}

void UringBackend::close(StreamId id) {
  Stream& stream = at(id);
  stream.closing = true;
  if (stream.receive_armed || stream.sending) {
    io_uring_sqe* sqe = next_sqe();
    ::io_uring_prep_cancel_fd(sqe, stream.descriptor, IORING_ASYNC_CANCEL_ALL);
    sqe->user_data = tag(Operation::kCancel, stream.generation, id);
    ++stream.cancels;
    return;
  }
  close_if_idle(id);
}

void UringBackend::reset(StreamId id) {
  const linger hard{1, 0};
  ::setsockopt(at(id).descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(id);
}

void UringBackend::close_if_idle(StreamId id) {
  Stream& stream = streams_[id];
  if (!stream.closing || stream.descriptor < 0 || stream.receive_armed || stream.sending ||
      stream.cancels > 0) {
    return;
  }
  ::close(stream.descriptor);
  stream.descriptor = -1;
  Completion& completion = queued_.emplace_back();
  completion.kind = CompletionKind::kClosed;
  completion.stream = id;
}

std::span<const Completion> UringBackend::wait(uint64_t timeout_ns) {
  free_closed();
  completions_.clear();
  arm_parked();
  if (accept_again_ns_ != 0) {
    const uint64_t now = clock_.now_ns();
    if (now >= accept_again_ns_) {
      accept_again_ns_ = 0;
      arm_accept();
    } else {
      timeout_ns = std::min(timeout_ns, accept_again_ns_ - now);
    }
  }
  enter(queued_.empty() ? timeout_ns : 0);
  reap();
  finish_stop_accepting();
  publish();
  stats_.completions += completions_.size();
  return completions_;
}

void UringBackend::enter(uint64_t timeout_ns) {
  if (timeout_ns == 0 || ::io_uring_cq_ready(&ring_) > 0) {
    submit();
    return;
  }
  ++stats_.waits;
  constexpr uint64_t kLongestNs = 60 * base::kNanosecondsPerSecond;
  const uint64_t bounded = std::min(timeout_ns, kLongestNs);
  __kernel_timespec time{};
  time.tv_sec = static_cast<int64_t>(bounded / base::kNanosecondsPerSecond);
  time.tv_nsec = static_cast<long long>(bounded % base::kNanosecondsPerSecond);
  io_uring_cqe* first = nullptr;
  const int result = ::io_uring_submit_and_wait_timeout(&ring_, &first, 1, &time, nullptr);
  RM_CHECK(result >= 0 || result == -ETIME || result == -EINTR || result == -EAGAIN ||
           result == -EBUSY);
}

void UringBackend::reap() {
  if (const unsigned overflow = *ring_.cq.koverflow; overflow != overflow_seen_) {
    stats_.completion_overflows += overflow - overflow_seen_;
    overflow_seen_ = overflow;
  }
  // One at a time, consumed before it is handled: handling may itself submit and reap.
  io_uring_cqe* cqe = nullptr;
  while (::io_uring_peek_cqe(&ring_, &cqe) == 0 && cqe != nullptr) {
    const io_uring_cqe copy = *cqe;
    ::io_uring_cq_advance(&ring_, 1);
    take(copy);
  }
}

void UringBackend::take(const io_uring_cqe& cqe) {
  const auto operation = static_cast<Operation>(cqe.user_data >> 56);
  if (operation == Operation::kAccept) {
    take_accept(cqe);
    return;
  }
  if (operation == Operation::kWake) {
    queued_.emplace_back();
    arm_wake();
    return;
  }
  const auto id = static_cast<StreamId>(cqe.user_data);
  if (id == kNoStream) {
    return;
  }
  RM_CHECK(id < streams_.size());
  Stream& stream = streams_[id];
  const auto generation = static_cast<uint32_t>(cqe.user_data >> 32) & kGenerationMask;
  RM_CHECK(generation == stream.generation);
  if (operation == Operation::kReceive) {
    take_receive(id, stream, cqe);
  } else if (operation == Operation::kSend) {
    take_send(id, stream, cqe);
  } else {
    --stream.cancels;
  }
  close_if_idle(id);
}

void UringBackend::take_accept(const io_uring_cqe& cqe) {
  if ((cqe.flags & IORING_CQE_F_MORE) == 0) {
    accept_armed_ = false;
  }
  if (cqe.res >= 0) {
    queued_.push_back({CompletionKind::kAccepted, kNoStream, cqe.res, kNoBuffer, {}});
  }
  if (listener_ < 0 || accept_armed_) {
    return;
  }
  if (out_of_descriptors(-cqe.res)) {
    stats_.connections_shed += reserve_.shed_one(listener_) ? 1 : 0;
    ++stats_.accept_pauses;
    accept_again_ns_ = clock_.now_ns() + kAcceptPauseNs;
    return;
  }
  arm_accept();
}

void UringBackend::take_receive(StreamId id, Stream& stream, const io_uring_cqe& cqe) {
  if ((cqe.flags & IORING_CQE_F_MORE) == 0) {
    stream.receive_armed = false;
  }
  if ((cqe.flags & IORING_CQE_F_BUFFER) != 0) {
    const auto buffer = static_cast<BufferId>(cqe.flags >> IORING_CQE_BUFFER_SHIFT);
    if (cqe.res <= 0 || stream.closing) {
      recycle(buffer);
    } else {
      lent_[buffer] = true;
      ++buffers_lent_;
      const char* start = buffers_.get() + size_t{buffer} * options_.buffer_bytes;
      queued_.push_back(
          {CompletionKind::kReceived, id, cqe.res, buffer, {start, static_cast<size_t>(cqe.res)}});
      note_size(id, stream, static_cast<size_t>(cqe.res));
    }
  }
  if (stream.closing) {
    return;
  }
  if (cqe.res == -ENOBUFS) {
    ++stats_.buffers_exhausted;
    if (!stream.parked) {
      stream.parked = true;
      parked_.push_back(id);
    }
    return;
  }
  const bool ended = cqe.res == 0 || (cqe.res < 0 && cqe.res != -ECANCELED && cqe.res != -EINTR &&
                                      cqe.res != -EAGAIN);
  if (ended && !stream.receive_ended) {
    stream.receive_ended = true;
    queued_.push_back({CompletionKind::kReceived, id, cqe.res, kNoBuffer, {}});
    return;
  }
  if (!stream.receive_armed && stream.receiving && !stream.receive_ended) {
    ++stats_.receive_rearms;
    arm_receive(id);
  }
}

/// A bulk stream that its reader has caught up with still is one: only a row of small receives says
/// otherwise.
void UringBackend::note_size(StreamId id, Stream& stream, size_t bytes) {
  constexpr uint8_t kSmallInARow = 16;
  if (bytes == options_.buffer_bytes) {
    if (!stream.bulk) {
      cancel_receive(id);
    }
    stream.bulk = true;
    stream.small_receives = 0;
  } else if (stream.bulk && bytes < options_.buffer_bytes / 16) {
    stream.bulk = ++stream.small_receives < kSmallInARow;
  } else {
    stream.small_receives = 0;
  }
}

void UringBackend::take_send(StreamId id, Stream& stream, const io_uring_cqe& cqe) {
  stream.sending = false;
  if (!stream.closing) {
    queued_.push_back({CompletionKind::kSent, id, cqe.res, kNoBuffer, {}});
  }
}

void UringBackend::arm_parked() {
  size_t free = options_.buffer_count - buffers_lent_;
  while (!parked_.empty() && free > 0) {
    const StreamId id = parked_.back();
    parked_.pop_back();
    Stream& stream = streams_[id];
    stream.parked = false;
    if (!stream.closing && stream.receiving && !stream.receive_armed && !stream.receive_ended) {
      ++stats_.receive_rearms;
      arm_receive(id);
      --free;
    }
  }
}

void UringBackend::publish() {
  for (const Completion& completion : queued_) {
    const bool of_closing = (completion.kind == CompletionKind::kSent ||
                             completion.kind == CompletionKind::kReceived) &&
                            streams_[completion.stream].closing;
    if (!of_closing) {
      completions_.push_back(completion);
    } else if (completion.buffer != kNoBuffer) {
      return_buffer(completion.buffer);
    }
  }
  queued_.clear();
}

void UringBackend::free_closed() {
  for (const Completion& completion : completions_) {
    if (completion.kind == CompletionKind::kClosed) {
      free_streams_.push_back(completion.stream);
    }
  }
}

void UringBackend::notify() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace ringmaker::io
