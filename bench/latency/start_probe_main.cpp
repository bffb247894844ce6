// start_probe: how long from exec until a server answers /ping with 200, in milliseconds.
//
// start_probe PORT COMMAND... starts the command, asks until it answers, prints the time and the
// resident memory at that moment, and ends the server with SIGTERM.
#include "base/clock.h"
#include "bench/latency/process_meter.h"
#include "bench/latency/response_reader.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ringmaker::latency {
namespace {

constexpr uint64_t kPatienceNs = 10 * base::kNanosecondsPerSecond;
constexpr useconds_t kPauseUs = 100;

/// The status of one GET /ping on a fresh connection; 0 when there is no answer.
int ask(uint16_t port) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  timeval patience{.tv_sec = 1, .tv_usec = 0};
  (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  constexpr std::string_view kRequest =
      "GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  ResponseReader reader;
  if (descriptor >= 0 &&
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(descriptor, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0) {
    std::array<char, 4096> bytes;
    ssize_t got = 1;
    while (got > 0 && reader.state() != ResponseReader::State::kComplete) {
      got = recv(descriptor, bytes.data(), bytes.size(), 0);
      reader.read(std::string_view(bytes.data(), got > 0 ? static_cast<size_t>(got) : 0));
    }
  }
  ::close(descriptor);
  return reader.state() == ResponseReader::State::kComplete ? reader.status() : 0;
}

int run(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: start_probe PORT COMMAND...\n");
    return 2;
  }
  uint16_t port = static_cast<uint16_t>(std::atoi(argv[1]));
  base::SystemClock clock;
  uint64_t start_ns = clock.now_ns();
  pid_t server = fork();
  if (server == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  int status = 0;
  bool ended = false;
  while (status != 200 && !ended && clock.now_ns() - start_ns < kPatienceNs) {
    status = ask(port);
    if (status != 200) {
      usleep(kPauseUs);
      ended = waitpid(server, nullptr, WNOHANG) == server;
    }
  }
  double elapsed_ms = static_cast<double>(clock.now_ns() - start_ns) / 1e6;
  uint64_t resident = resident_bytes(server).value_or(0);
  int exit_status = 0;
  if (!ended) {
    kill(server, SIGTERM);
    waitpid(server, &exit_status, 0);
  }
  if (status != 200) {
    fmt::print(stderr, "start_probe: no 200 from port {}\n", port);
    return 1;
  }
  fmt::print("{{\"start_ms\":{:.2f},\"resident_bytes\":{},\"exit_code\":{}}}\n", elapsed_ms,
             resident, WIFEXITED(exit_status) ? WEXITSTATUS(exit_status) : 128);
  return 0;
}

}  // namespace
}  // namespace ringmaker::latency

int main(int argc, char** argv) { return ringmaker::latency::run(argc, argv); }
