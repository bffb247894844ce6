#include "bench/latency/bare_responder.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace ringmaker::latency {

base::Result<int> listen_loopback(uint16_t port, int flags) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (listener < 0) {
    return base::fail(base::system_error(errno, "socket"));
  }
  int on = 1;
  (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  (void)setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // accepted ones inherit it
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      listen(listener, 4096) < 0) {
    int error = errno;
    ::close(listener);
    return base::fail(base::system_error(error, fmt::format("listening on port {}", port)));
  }
  return listener;
}

std::string repeated_answer(const std::string& answer) {
  std::string answers;
  answers.reserve(answer.size() * kAnswersTogether);
  for (size_t i = 0; i < kAnswersTogether; ++i) {
    answers += answer;
  }
  return answers;
}

}  // namespace ringmaker::latency
