// Rendezvous: how the hosts of one job wait for the one that trains.
//
// Every host has all of the data; the leader, the first of the sorted host names, trains, and the
// others may neither do the same nor leave while it works. So the leader listens on a port that all
// know, before it begins. A follower connects, trying again while the leader's name does not
// resolve or nobody listens there yet, says its name and waits for one line:
//
//   follower -> leader   ringmaker follower algo-2\n
//   leader -> follower   done\n           the follower ends with success
//                        failed CODE CAUSE\n   the follower ends with an error of this code, by
//                                             its name, that names the cause; a word that is no
//                                             code belongs to the cause
//
// The end of the connection without such a line is the leader's death. The kernel accepts and
// watches connections by itself, so the leader looks at them only once it is done.
#pragma once

#include "base/result.h"
#include "config/training_input.h"
#include "io/socket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ringmaker::train {

struct RendezvousOptions {
  uint16_t port = 7117;
  /// How long a follower tries to reach a leader that was never there.
  std::chrono::milliseconds arrival_patience = std::chrono::minutes(10);
  /// How long a leader that is done waits for followers that have not come yet.
  std::chrono::milliseconds departure_patience = std::chrono::minutes(5);
  /// How long a leader that failed waits for them, to tell them why.
  std::chrono::milliseconds failure_patience = std::chrono::seconds(2);
};

/// Asked many times a second; true ends the waiting.
using StopRequested = std::function<bool()>;

class Leader {
 public:
  /// Of a job with more than one host.
  [[nodiscard]] static base::Result<Leader> listen(const config::Resources& resources,
                                                   const RendezvousOptions& options);

  /// Lets the followers go: all of them, and waits for those who are late. Who has not heard, in
  /// the order of their names.
  std::vector<std::string> dismiss(const StopRequested& stop_requested);
  /// Tells those who are there, or come in time, why there is nothing to wait for. As above.
  std::vector<std::string> dismiss_failed(const base::Error& cause,
                                          const StopRequested& stop_requested);

 private:
  Leader(io::Descriptor listener, std::vector<std::string> followers,
         const RendezvousOptions& options)
      : listener_(std::move(listener)), followers_(std::move(followers)), options_(options) {}
  std::vector<std::string> tell(const std::string& word, std::chrono::milliseconds patience,
                                const StopRequested& stop_requested);

  io::Descriptor listener_;
  std::vector<std::string> followers_;
  RendezvousOptions options_;
};

/// Waits for the leader's word. Success when it is done, or when asked to stop; the leader's own
/// code when it failed, kPlatform when it died or could not be reached.
[[nodiscard]] base::Result<void> follow(const config::Resources& resources,
                                        const RendezvousOptions& options,
                                        const StopRequested& stop_requested);

}  // namespace ringmaker::train
