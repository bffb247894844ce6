// EpollBackend: readiness presented as completions.
//
// Every stream is registered once, edge-triggered, for both directions; a bit per direction says
// whether the kernel may still have something, so that a request costs one recv, one send and its
// share of one epoll_wait, and no epoll_ctl. A bit is cleared only by EAGAIN or a short read.
#pragma once

#include "base/clock.h"
#include "io/backend.h"
#include "io/buffer_pool.h"
#include "io/reserve_descriptor.h"
#include "io/socket.h"

#include <memory>
#include <vector>

struct epoll_event;  // NOLINT(readability-identifier-naming): the kernel's name

namespace ringmaker::io {

class EpollBackend final : public Backend {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<EpollBackend>> create(
      const base::Clock& clock, const BackendOptions& options);
  ~EpollBackend() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "epoll"; }
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
  struct Stream {
    int descriptor = -1;
    bool closing = false;
    bool receiving = false;      // the caller wants kReceived
    bool receive_ended = false;  // end of stream or error was reported
    bool readable = false;       // the kernel may have bytes, an end or an error for us
    bool peer_finished = false;  // EPOLLRDHUP was seen: a short read does not mean "no more"
    bool writable = true;
    bool sending = false;
    bool ready_listed = false;
    std::span<const char> to_send;
  };

  EpollBackend(const base::Clock& clock, const BackendOptions& options, Descriptor epoll,
               Descriptor wake);

  [[nodiscard]] Stream& at(StreamId stream) noexcept;
  void list_if_ready(StreamId stream);
  void try_send(StreamId stream);
  void queue(CompletionKind kind, StreamId stream, int32_t result);
  void take_queued();
  void free_closed();
  void poll(uint64_t timeout_ns);
  void take_events(std::span<const epoll_event> events);
  void receive_ready();
  void receive(StreamId stream);
  void accept_ready();
  void pause_accepting();
  void watch_listener(bool watch) noexcept;

  const base::Clock& clock_;
  BackendOptions options_;
  Descriptor epoll_;
  Descriptor wake_;
  ReserveDescriptor reserve_;
  BufferPool buffers_;
  std::vector<Stream> streams_;
  std::vector<StreamId> free_streams_;
  std::vector<StreamId> ready_;        // readable, wanted, not yet received
  std::vector<StreamId> still_ready_;  // those that stay so after this turn
  std::vector<Completion> queued_;     // found between two waits
  std::vector<Completion> completions_;
  int listener_ = -1;
  bool listener_watched_ = false;
  uint64_t accept_again_ns_ = 0;  // 0: not paused
  BackendStats stats_;
};

}  // namespace ringmaker::io
