#include "tests/simulation/peer.h"

#include "base/check.h"
#include "tests/support/simulated_backend.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace ringmaker::test {
namespace {

constexpr size_t kSmallScript = 2'000;  // bytes that may go out one by one within any deadline

std::string field(std::string_view head, std::string_view name) {
  const size_t at = head.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  const size_t begin = at + name.size();
  return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

/// The data of a whole chunked body at the front of `bytes`; false while it is incomplete.
bool take_chunked(std::string_view& bytes, std::string& body) {
  std::string_view rest = bytes;
  for (;;) {
    const size_t line = rest.find("\r\n");
    if (line == std::string_view::npos) {
      return false;
    }
    size_t size = 0;
    std::from_chars(rest.data(), rest.data() + line, size, 16);
    rest.remove_prefix(line + 2);
    if (rest.size() < size + 2) {
      return false;
    }
    body.append(rest.substr(0, size));
    rest.remove_prefix(size + 2);
    if (size == 0) {
      bytes = rest;
      return true;
    }
  }
}

}  // namespace

Peer::Peer(const std::string& server_name, std::vector<SimulatedRequest> script, PeerManner manner,
           uint64_t seed)
    : script_(std::move(script)),
      manner_(manner),
      random_(seed),
      socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  for (const SimulatedRequest& request : script_) {
    outgoing_ += request.bytes;
    ends_.push_back(outgoing_.size());
  }
  constexpr std::array<size_t, 5> kCuts{1, 7, 100, 4'000, 1'000'000};
  cut_max_ = kCuts[random_.below(kCuts.size())];
  if (outgoing_.size() > kSmallScript) {
    cut_max_ = std::max<size_t>(cut_max_, 100);
  }
  give_up_at_ = random_.below(outgoing_.size() + 1);
  pipelines_ = random_.below(2) == 0;

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // Without a path the kernel gives a name of its own.
  RM_CHECK(
      ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family) == 0);
  name_ = unix_name(socket_.get(), false);
  std::memcpy(address.sun_path, server_name.data(), server_name.size());
  const auto size = static_cast<socklen_t>(sizeof address.sun_family + server_name.size());
  ended_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0;
  done_ = ended_;
}

size_t Peer::requests_sent() const noexcept {
  return static_cast<size_t>(
      std::count_if(ends_.begin(), ends_.end(), [this](size_t end) { return end <= sent_; }));
}

void Peer::leave() {
  socket_.reset();
  done_ = true;
}

bool Peer::act() {
  if (done_) {
    return false;
  }
  bool moved = receive_some();
  if (ended_) {
    leave();
    return true;
  }
  if (random_.below(3) != 0) {
    moved |= send_some();
  }
  if (done_) {
    return true;
  }
  const bool all_said = sent_ == outgoing_.size() || send_failed_;
  const bool all_heard = answers_.size() >= script_.size();
  if (all_said && all_heard && manner_ != PeerManner::kFallsSilent) {
    leave();
    return true;
  }
  return moved;
}

bool Peer::send_some() {
  if (send_failed_ || silent_ || sent_ == outgoing_.size()) {
    return false;
  }
  if (manner_ == PeerManner::kAborts && sent_ >= give_up_at_) {
    leave();
    return true;
  }
  if (manner_ == PeerManner::kFallsSilent && sent_ >= give_up_at_) {
    silent_ = true;
    return false;
  }
  size_t end = outgoing_.size();
  if (!pipelines_) {
    const size_t next = requests_sent();
    if (next > answers_.size()) {
      return false;  // first the answer
    }
    end = ends_[next];
  }
  if (manner_ == PeerManner::kAborts || manner_ == PeerManner::kFallsSilent) {
    end = std::min(end, std::max(give_up_at_, sent_ + 1));
  }
  const size_t size = std::min(end - sent_, 1 + random_.below(cut_max_));
  const ssize_t sent = ::send(socket_.get(), outgoing_.data() + sent_, size, MSG_NOSIGNAL);
  if (sent < 0) {
    send_failed_ = errno != EAGAIN;
    return false;
  }
  sent_ += static_cast<size_t>(sent);
  if (sent_ == outgoing_.size() && manner_ == PeerManner::kHalfCloses) {
    ::shutdown(socket_.get(), SHUT_WR);
  }
  return true;
}

bool Peer::receive_some() {
  std::array<char, 4096> buffer;
  const size_t room = random_.below(4) == 0 ? 1 + random_.below(16) : buffer.size();
  const ssize_t got = ::recv(socket_.get(), buffer.data(), room, 0);
  if (got < 0 && errno == EAGAIN) {
    return false;
  }
  if (got <= 0) {
    ended_ = true;
    return true;
  }
  incoming_.append(buffer.data(), static_cast<size_t>(got));
  while (take_answer()) {
  }
  return true;
}

bool Peer::take_answer() {
  const size_t end = incoming_.find("\r\n\r\n");
  if (malformed_ || end == std::string::npos) {
    return false;
  }
  const std::string_view head = std::string_view(incoming_).substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) {
    malformed_ = true;
    return false;
  }
  SimulatedAnswer answer;
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  std::string_view rest = std::string_view(incoming_).substr(end + 4);
  if (answer.status == 100) {
    incoming_ = std::string(rest);
    return true;
  }
  answer.type = field(head, "Content-Type: ");
  answer.close = field(head, "Connection: ") == "close";
  const bool head_only = answers_.size() < script_.size() && script_[answers_.size()].head_only;
  if (!head_only) {
    if (field(head, "Transfer-Encoding: ") == "chunked") {
      if (!take_chunked(rest, answer.body)) {
        return false;
      }
    } else {
      size_t size = 0;
      const std::string length = field(head, "Content-Length: ");
      std::from_chars(length.data(), length.data() + length.size(), size);
      if (rest.size() < size) {
        return false;
      }
      answer.body = rest.substr(0, size);
      rest.remove_prefix(size);
    }
  }
  answers_.push_back(std::move(answer));
  incoming_ = std::string(rest);
  return true;
}

}  // namespace ringmaker::test
