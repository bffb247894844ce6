// UringBackend: completions straight from io_uring.
//
// One ring, used by one thread (SINGLE_ISSUER, DEFER_TASKRUN where the kernel has them): multishot
// accept, multishot receive into a ring of provided buffers, one send in flight a stream, and one
// system call a turn that submits everything queued and waits.
//
// Invariants: a stream that should receive has its receive armed, queued, or is parked for want of
// buffers; the kernel ends a multishot for many reasons and every end is followed by arming again.
// A descriptor is closed only when nothing of it is in flight, so its number cannot be reused while
// the kernel still names it. Each lent buffer comes back exactly once.
#pragma once

#include "base/clock.h"
#include "io/backend.h"
#include "io/reserve_descriptor.h"
#include "io/socket.h"

#include <liburing.h>

#include <memory>
#include <vector>

namespace ringmaker::io {

struct UringOptions {
  unsigned submission_entries = 512;
  /// 0: four for each stream and one for each buffer, as far as the kernel allows.
  unsigned completion_entries = 0;
};

class UringBackend final : public Backend {
 public:
  /// To be called on the thread that will use the backend. The error's message names the step that
  /// the kernel refused and its errno.
  [[nodiscard]] static base::Result<std::unique_ptr<UringBackend>> create(
      const base::Clock& clock, const BackendOptions& options,
      const UringOptions& uring_options = {});
  ~UringBackend() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "io_uring"; }
  void start_accepting(int listener) override;
  void stop_accepting() override;
  [[nodiscard]] base::Result<StreamId> add_stream(int descriptor) override;
  void start_receive(StreamId stream) override;
  void pause_receive(StreamId stream) override;
  void return_buffer(BufferId buffer) override;
  [[nodiscard]] uint64_t waited_ns(StreamId stream) const noexcept override;
  void send(StreamId stream, std::span<const char> bytes) override;
  void shutdown_send(StreamId stream) override;
  void close(StreamId stream) override;
  void reset(StreamId stream) override;
  [[nodiscard]] std::span<const Completion> wait(uint64_t timeout_ns) override;
  void notify() noexcept override;
  [[nodiscard]] const BackendStats& stats() const noexcept override { return stats_; }

 private:
  enum class Operation : uint8_t { kAccept, kReceive, kSend, kCancel, kWake };

  struct Stream {
    int descriptor = -1;
    uint32_t generation = 0;
    bool closing = false;
    bool receiving = false;
    bool receive_ended = false;
    bool receive_armed = false;  // the kernel holds a receive of ours
    bool parked = false;         // on the waiting list for buffers
    // A receive filled a whole buffer: the stream is received one buffer a turn, because a
    // multishot would fill many before its neighbours are looked at.
    bool bulk = false;
    uint8_t small_receives = 0;  // one after the other, while bulk
    bool sending = false;
    uint8_t cancels = 0;  // cancellations in flight
  };

  UringBackend(const base::Clock& clock, const BackendOptions& options);
  [[nodiscard]] base::Result<void> set_up_ring(const UringOptions& options);
  [[nodiscard]] base::Result<void> set_up_buffers();
  [[nodiscard]] base::Result<void> set_up_wake();

  [[nodiscard]] static uint64_t tag(Operation operation, uint32_t generation,
                                    StreamId stream) noexcept;
  [[nodiscard]] Stream& at(StreamId stream) noexcept;
  [[nodiscard]] io_uring_sqe* next_sqe();
  void submit();
  void enter(uint64_t timeout_ns);
  void reap();
  void take(const io_uring_cqe& cqe);
  void take_accept(const io_uring_cqe& cqe);
  void take_receive(StreamId id, Stream& stream, const io_uring_cqe& cqe);
  void note_size(StreamId id, Stream& stream, size_t bytes);
  void take_send(StreamId id, Stream& stream, const io_uring_cqe& cqe);
  void arm_accept();
  void arm_wake();
  void arm_receive(StreamId id);
  void cancel_receive(StreamId id);
  void arm_parked();
  void close_if_idle(StreamId id);
  void finish_stop_accepting();
  void publish();
  void recycle(BufferId buffer) noexcept;
  void free_closed();

  const base::Clock& clock_;
  BackendOptions options_;
  io_uring ring_{};
  bool ring_ready_ = false;
  io_uring_buf_ring* buffer_ring_ = nullptr;
  size_t buffer_ring_bytes_ = 0;
  std::unique_ptr<char[]> buffers_;
  size_t buffers_lent_ = 0;
  std::vector<bool> lent_;
  Descriptor wake_;
  uint64_t wake_value_ = 0;
  ReserveDescriptor reserve_;
  std::vector<Stream> streams_;
  std::vector<StreamId> free_streams_;
  std::vector<StreamId> parked_;
  std::vector<Completion> queued_;
  std::vector<Completion> completions_;
  int listener_ = -1;
  bool accept_armed_ = false;
  uint64_t accept_again_ns_ = 0;
  unsigned overflow_seen_ = 0;
  BackendStats stats_;
};

}  // namespace ringmaker::io
