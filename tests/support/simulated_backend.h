// SimulatedBackend: a backend that does to its streams, by seed, what kernels do on a bad day.
//
// It works on real descriptors of one process (socket pairs in memory, or TCP), on one thread. What
// goes wrong, and when, comes from a seeded generator: equal seeds see equal runs. With no faults
// it is simply a slow third backend.
#pragma once

#include "base/random.h"
#include "io/backend.h"
#include "io/buffer_pool.h"

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ringmaker::test {

/// Probabilities, each per opportunity.
struct SimulatedFaults {
  double late = 0;           // what is ready is reported some turns later
  double short_receive = 0;  // fewer bytes than there are
  double short_send = 0;     // fewer bytes than asked
  double no_buffer = 0;      // ENOBUFS although there are some
  double broken = 0;         // the connection breaks
  double interrupted = 0;    // a wait ends with nothing: EINTR
  double accept_pause = 0;   // EMFILE
  double woken = 0;          // a wake-up that nobody sent
  double no_stream = 0;      // no memory for another connection
  double late_pause = 0;     // what arrives next is reported although no more was to be received
};

class SimulatedBackend final : public io::Backend {
 public:
  /// `pass_time` is called with the timeout of a wait that has nothing to report.
  SimulatedBackend(uint64_t seed, const io::BackendOptions& options, const SimulatedFaults& faults,
                   std::function<void(uint64_t)> pass_time);
  ~SimulatedBackend() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "simulation"; }
  void start_accepting(int listener) override;
  void stop_accepting() override;
  [[nodiscard]] base::Result<io::StreamId> add_stream(int descriptor) override;
  void start_receive(io::StreamId stream) override;
  void pause_receive(io::StreamId stream) override;
  void return_buffer(io::BufferId buffer) override;
  void send(io::StreamId stream, std::span<const char> bytes) override;
  void shutdown_send(io::StreamId stream) override;
  void close(io::StreamId stream) override;
  void reset(io::StreamId stream) override;
  [[nodiscard]] std::span<const io::Completion> wait(uint64_t timeout_ns) override;
  void notify() noexcept override { notified_ = true; }
  [[nodiscard]] const io::BackendStats& stats() const noexcept override { return stats_; }

  void stop_faults() noexcept { faults_ = {}; }
  [[nodiscard]] size_t open_streams() const noexcept { return open_; }
  [[nodiscard]] size_t lent_buffers() const noexcept {
    return options_.buffer_count - buffers_.free_count();
  }
  /// Names (of AF_UNIX) of the peers whose connections a fault has broken.
  [[nodiscard]] const std::set<std::string>& broken_peers() const noexcept { return broken_; }
  [[nodiscard]] uint64_t faults_injected() const noexcept { return injected_; }
  /// Completions but for wake-ups, some of which nobody has sent.
  [[nodiscard]] uint64_t moves() const noexcept { return stats_.completions - wakes_; }

 private:
  struct Stream {
    int descriptor = -1;
    bool receiving = false;
    bool pausing = false;  // as soon as something more has been received
    bool receive_ended = false;
    bool sending = false;
    bool closing = false;
    std::span<const char> to_send;
  };

  [[nodiscard]] Stream& at(io::StreamId stream);
  [[nodiscard]] bool fault(double probability);
  void gather();
  void accept_some();
  void progress(io::StreamId stream);
  void close_now(io::StreamId stream);
  void send_some(io::StreamId stream);
  void receive_some(io::StreamId stream);
  [[nodiscard]] bool break_connection(Stream& stream);

  base::Random random_;
  io::BackendOptions options_;
  SimulatedFaults faults_;
  std::function<void(uint64_t)> pass_time_;
  io::BufferPool buffers_;
  std::vector<Stream> streams_;
  std::vector<io::StreamId> free_;
  std::vector<io::StreamId> order_;
  std::vector<io::Completion> completions_;
  std::set<std::string> broken_;
  std::atomic<bool> notified_{false};
  int listener_ = -1;
  int accept_pause_ = 0;  // turns
  size_t open_ = 0;
  bool out_of_buffers_ = false;
  uint64_t injected_ = 0;
  uint64_t wakes_ = 0;
  io::BackendStats stats_;
};

/// The name of a bound AF_UNIX socket, or of the peer of a connected one.
[[nodiscard]] std::string unix_name(int descriptor, bool of_peer);

}  // namespace ringmaker::test
