// bare_responder: the ceiling that scripts/bench.sh holds the server against.
#include "bench/latency/bare_responder.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <sched.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace ringmaker::latency {
namespace {

volatile sig_atomic_t stop = 0;

void on_signal(int) { stop = 1; }

/// Without SA_RESTART, so that a signal ends the wait.
void handle_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

int run(int argc, char** argv) {
  CLI::App app{"Answers every request with the same bytes, parsing none."};
  ResponderOptions options;
  std::string backend = "uring";
  std::string answer_file;
  int core = -1;
  app.add_option("--backend", backend)->check(CLI::IsMember({"uring", "epoll"}));
  app.add_option("--port", options.port)->required();
  app.add_option("--answer", answer_file, "File with the whole answer, head and body");
  app.add_option("--request-bytes", options.request_bytes, "0: learn it per connection");
  app.add_option("--spin-us", options.spin_us,
                 "Poll for this long before sleeping; 0: sleep at once");
  app.add_option("--core", core, "Run on this core");
  CLI11_PARSE(app, argc, argv);

  options.answer = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n\r\n555\n";
  if (!answer_file.empty()) {
    std::ifstream file(answer_file, std::ios::binary);
    options.answer.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<unsigned>(core), &cores);
  if (core >= 0 && sched_setaffinity(0, sizeof cores, &cores) < 0) {
    perror("bare_responder: sched_setaffinity");
    return 1;
  }
  handle_signals();
  auto done =
      backend == "uring" ? respond_with_uring(options, &stop) : respond_with_epoll(options, &stop);
  if (!done) {
    fmt::print(stderr, "bare_responder: {}\n", done.error().message());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace ringmaker::latency

int main(int argc, char** argv) { return ringmaker::latency::run(argc, argv); }
