#include "train/distributed/rendezvous.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

namespace ringmaker::train {
namespace {

using base::ErrorCode;
using base::fail;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLook{50};  // between two questions whether to stop
constexpr std::string_view kHello = "ringmaker follower ";
constexpr std::string_view kDone = "done\n";
constexpr std::string_view kFailed = "failed ";
constexpr size_t kLineBytesMax = 1200;

/// False when asked to stop meanwhile.
bool sleep_for(milliseconds time, const StopRequested& stop_requested) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
    if (stop_requested()) {
      return false;
    }
    std::this_thread::sleep_for(std::min(kLook, time));
  }
  return true;
}

/// Names are looked up by the C library, which may take as long as it likes, on a thread that is
/// left alone when nobody wants its answer any more.
struct Lookup {
  std::string host;
  std::string port;
  int status = 0;
  addrinfo* found = nullptr;
  std::atomic<bool> done = false;

  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup() {
    if (found != nullptr) {
      ::freeaddrinfo(found);
    }
  }
};

std::shared_ptr<Lookup> look_up(const std::string& host, uint16_t port,
                                const StopRequested& stop_requested) {
  auto lookup = std::make_shared<Lookup>();
  lookup->host = host;
  lookup->port = std::to_string(port);
  std::thread([lookup] {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    lookup->status =
        ::getaddrinfo(lookup->host.c_str(), lookup->port.c_str(), &hints, &lookup->found);
    lookup->done = true;
  }).detach();
  while (!lookup->done) {
    if (stop_requested()) {
      return nullptr;
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
  return lookup;
}

/// A peer that vanishes without a word, machine and all, is noticed within a minute.
void keep_watch(int descriptor) {
  const int yes = 1;
  const int idle_s = 30;
  const int interval_s = 10;
  const int probes = 3;
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

/// Until `events`, or asked to stop, or the time is over.
bool wait_for(int descriptor, short events, milliseconds patience,
              const StopRequested& stop_requested) {
  const auto end = Clock::now() + patience;
  while (!stop_requested() && Clock::now() < end) {
    pollfd wanted{descriptor, events, 0};
    if (::poll(&wanted, 1, static_cast<int>(kLook.count())) > 0) {
      return true;
    }
  }
  return false;
}

/// One try; the error says why nobody was reached.
base::Result<io::Descriptor> connect_to(const std::string& host, uint16_t port,
                                        const StopRequested& stop_requested) {
  const auto lookup = look_up(host, port, stop_requested);
  if (lookup == nullptr) {
    return fail(ErrorCode::kCancelled, "asked to stop");
  }
  if (lookup->status != 0) {
    return fail(ErrorCode::kPlatform,
                fmt::format("{} does not resolve: {}", host, ::gai_strerror(lookup->status)));
  }
  int reason = 0;
  for (const addrinfo* at = lookup->found; at != nullptr; at = at->ai_next) {
    io::Descriptor peer(::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!peer) {
      return fail(base::system_error(errno, "cannot create a socket"));
    }
    if (::connect(peer.get(), at->ai_addr, at->ai_addrlen) == 0) {
      return peer;
    }
    reason = errno;
    constexpr milliseconds kOneTry{5000};
    if (reason == EINPROGRESS) {
      reason = ETIMEDOUT;
      if (wait_for(peer.get(), POLLOUT, kOneTry, stop_requested)) {
        socklen_t size = sizeof reason;
        ::getsockopt(peer.get(), SOL_SOCKET, SO_ERROR, &reason, &size);
      }
      if (reason == 0) {
        return peer;
      }
    }
  }
  return fail(base::system_error(reason, fmt::format("{}:{}", host, port)));
}

/// Tries again, less and less often.
base::Result<io::Descriptor> reach(const std::string& host, const RendezvousOptions& options,
                                   const StopRequested& stop_requested) {
  constexpr milliseconds kPauseMax{5000};
  const auto end = Clock::now() + options.arrival_patience;
  for (milliseconds pause{100};; pause = std::min(pause * 2, kPauseMax)) {
    auto peer = connect_to(host, options.port, stop_requested);
    if (peer) {
      return peer;
    }
    if (stop_requested()) {
      return fail(ErrorCode::kCancelled, "asked to stop");
    }
    if (Clock::now() + pause >= end) {
      return fail(
          ErrorCode::kPlatform,
          fmt::format(
              "the leader {} was not reached within {} s: {}", host,
              std::chrono::duration_cast<std::chrono::seconds>(options.arrival_patience).count(),
              peer.error().message()));
    }
    if (!sleep_for(pause, stop_requested)) {
      return fail(ErrorCode::kCancelled, "asked to stop");
    }
  }
}

/// Appends what has come. False at the end of the connection.
bool receive_some(int descriptor, std::string& line) {
  std::array<char, 512> bytes{};
  const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got > 0) {
    line.append(bytes.data(), static_cast<size_t>(got));
    return line.size() <= kLineBytesMax;
  }
  return got < 0 && (errno == EAGAIN || errno == EINTR);
}

std::optional<ErrorCode> code_of(std::string_view name) {
  for (const ErrorCode code :
       {ErrorCode::kInvalidInput, ErrorCode::kNotFound, ErrorCode::kUnsupported,
        ErrorCode::kCorrupt, ErrorCode::kExhausted, ErrorCode::kPlatform, ErrorCode::kInternal}) {
    if (base::name(code) == name) {
      return code;
    }
  }
  return std::nullopt;
}

bool send_line(int descriptor, std::string_view line) {
  // A line is shorter than any socket's buffer, and the first that is sent.
  return ::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
         static_cast<ssize_t>(line.size());
}

/// A follower that has connected, from the leader's side.
struct Caller {
  io::Descriptor peer;
  std::string line;
  bool told = false;
};

}  // namespace

base::Result<Leader> Leader::listen(const config::Resources& resources,
                                    const RendezvousOptions& options) {
  const io::ListenOptions where{.port = options.port};
  auto listener = io::check_port_is_free(where).and_then([&] { return io::listen_on(where); });
  if (!listener) {
    return base::fail(listener.error().within("rendezvous-port"));
  }
  std::vector<std::string> followers(resources.hosts.begin() + 1, resources.hosts.end());
  return Leader(std::move(*listener), std::move(followers), options);
}

std::vector<std::string> Leader::dismiss(const StopRequested& stop_requested) {
  return tell(std::string(kDone), options_.departure_patience, stop_requested);
}

std::vector<std::string> Leader::dismiss_failed(const base::Error& cause,
                                                const StopRequested& stop_requested) {
  std::string word = fmt::format("{}{} {}", kFailed, base::name(cause.code()),
                                 std::string_view(cause.message()).substr(0, 1000));
  std::replace(word.begin(), word.end(), '\n', ' ');
  return tell(word + '\n', options_.failure_patience, stop_requested);
}

std::vector<std::string> Leader::tell(const std::string& word, milliseconds patience,
                                      const StopRequested& stop_requested) {
  std::set<std::string> awaited(followers_.begin(), followers_.end());
  std::vector<Caller> callers;
  const auto end = Clock::now() + patience;
  do {
    for (;;) {
      io::Descriptor peer = io::accept_waiting(listener_.get());
      if (!peer) {
        break;
      }
      callers.push_back({std::move(peer), {}, false});
    }
    for (Caller& caller : callers) {
      if (!receive_some(caller.peer.get(), caller.line)) {
        caller.peer.reset();  // it has heard, and left
        continue;
      }
      const size_t newline = caller.line.find('\n');
      if (caller.told || newline == std::string::npos) {
        continue;
      }
      const std::string_view line = std::string_view(caller.line).substr(0, newline);
      const bool known =
          line.starts_with(kHello) && awaited.erase(std::string(line.substr(kHello.size()))) > 0;
      caller.told = known && send_line(caller.peer.get(), word);
      if (!caller.told) {
        caller.peer.reset();
      }
    }
    std::erase_if(callers, [](const Caller& caller) { return !caller.peer; });
    if (callers.empty() && awaited.empty()) {
      return {};
    }
    std::vector<pollfd> wanted{{listener_.get(), POLLIN, 0}};
    for (const Caller& caller : callers) {
      wanted.push_back({caller.peer.get(), POLLIN, 0});
    }
    ::poll(wanted.data(), wanted.size(), static_cast<int>(kLook.count()));
  } while (Clock::now() < end && !stop_requested());
  return {awaited.begin(), awaited.end()};
}

base::Result<void> follow(const config::Resources& resources, const RendezvousOptions& options,
                          const StopRequested& stop_requested) {
  const std::string& leader = resources.hosts.front();
  auto reached = reach(leader, options, stop_requested);
  if (!reached) {
    return reached.error().code() == ErrorCode::kCancelled ? base::Result<void>()
                                                           : fail(reached.error());
  }
  const io::Descriptor peer = std::move(*reached);
  keep_watch(peer.get());
  bool open = send_line(peer.get(), fmt::format("{}{}\n", kHello, resources.current_host));
  std::string line;
  while (open && line.find('\n') == std::string::npos) {
    constexpr milliseconds kForever = std::chrono::hours(24 * 365);
    if (!wait_for(peer.get(), POLLIN, kForever, stop_requested)) {
      return {};
    }
    open = receive_some(peer.get(), line);
  }
  if (line.starts_with(kDone)) {
    return {};
  }
  const size_t newline = line.find('\n');
  if (line.starts_with(kFailed) && newline != std::string::npos) {
    std::string_view cause = std::string_view(line).substr(0, newline).substr(kFailed.size());
    const size_t blank = std::min(cause.find(' '), cause.size());
    // A leader of another version may say no code, or one that is not known here.
    const std::optional<ErrorCode> code = code_of(cause.substr(0, blank));
    if (code) {
      cause.remove_prefix(std::min(blank + 1, cause.size()));
    }
    return fail(code.value_or(ErrorCode::kPlatform),
                fmt::format("the leader {} failed: {}", leader, cause));
  }
  return fail(ErrorCode::kPlatform,
              fmt::format("the leader {} ended without saying that it was done", leader));
}

}  // namespace ringmaker::train
