// Peer: a client of the simulation. It sends a script of requests, cut and slowed as its seed says,
// and takes apart what comes back.
#pragma once

#include "base/random.h"
#include "io/socket.h"

#include <string>
#include <vector>

namespace ringmaker::test {

struct SimulatedAnswer {
  int status = 0;
  std::string type;
  std::string body;
  bool close = false;  // "Connection: close"
};

struct SimulatedRequest {
  std::string bytes;
  bool head_only = false;  // HEAD: the answer has no body
  /// What may be answered besides what a server says that nobody else has asked anything.
  std::vector<SimulatedAnswer> or_else = {};
};

enum class PeerManner { kGood, kHalfCloses, kAborts, kFallsSilent };

class Peer {
 public:
  Peer(const std::string& server_name, std::vector<SimulatedRequest> script, PeerManner manner,
       uint64_t seed);

  /// Sends and receives a little. True if anything moved.
  bool act();

  [[nodiscard]] bool done() const noexcept { return done_; }
  [[nodiscard]] PeerManner manner() const noexcept { return manner_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<SimulatedRequest>& script() const noexcept { return script_; }
  [[nodiscard]] const std::vector<SimulatedAnswer>& answers() const noexcept { return answers_; }
  /// Requests whose last byte has been sent.
  [[nodiscard]] size_t requests_sent() const noexcept;
  [[nodiscard]] bool incomplete_answer() const noexcept { return !incoming_.empty(); }
  [[nodiscard]] bool malformed_answer() const noexcept { return malformed_; }
  [[nodiscard]] bool stalled() const noexcept { return silent_; }
  /// Has seen the end of the stream.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  void leave();

 private:
  bool send_some();
  bool receive_some();
  bool take_answer();

  std::vector<SimulatedRequest> script_;
  PeerManner manner_;
  base::Random random_;
  io::Descriptor socket_;
  std::string name_;
  std::string outgoing_;
  std::vector<size_t> ends_;  // of each request in outgoing_
  size_t sent_ = 0;
  size_t cut_max_;
  size_t give_up_at_;  // bytes after which an impolite peer stops
  bool pipelines_;
  bool send_failed_ = false;
  bool silent_ = false;
  bool ended_ = false;
  bool done_ = false;
  bool malformed_ = false;
  std::string incoming_;
  std::vector<SimulatedAnswer> answers_;
};

}  // namespace ringmaker::test
