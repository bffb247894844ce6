#include "bench/latency/load_client.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/latency/process_meter.h"
#include "bench/latency/response_reader.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::latency {
namespace {

constexpr uint64_t kDrainNs = base::kNanosecondsPerSecond;
constexpr size_t kSendBytesMax = 64 * 1024;
constexpr size_t kReceiveBytes = 256 * 1024;
constexpr size_t kPingConnections = 32;  // pings in flight at a time

base::Result<int> connect_loopback(uint16_t port) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return base::fail(base::system_error(errno, "socket"));
  }
  int on = 1;
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      fcntl(descriptor, F_SETFL, O_NONBLOCK) < 0) {
    int error = errno;
    ::close(descriptor);
    return base::fail(base::system_error(error, "connecting to the server"));
  }
  return descriptor;
}

enum class Kind : uint8_t { kLoad, kStream, kPing };

struct Connection {
  int descriptor = -1;
  Kind kind = Kind::kLoad;
  bool in_flight = false;    // a request was begun and its answer is not complete
  bool awaits_room = false;  // the kernel took only a part; epoll tells when there is room
  std::string_view unsent;
  uint64_t due_ns = 0;
  ResponseReader reader;
};

class LoadClient {
 public:
  explicit LoadClient(const LoadOptions& options)
      : options_(options),
        connections_(options.connections + options.stream_connections +
                     (options.ping_rate > 0 ? kPingConnections : 0)) {}
  ~LoadClient();
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;

  base::Result<LoadReport> run();

 private:
  base::Result<void> open_all();
  base::Result<void> open(Connection& connection);
  base::Result<void> reopen(Connection& connection);
  base::Result<void> loop();
  base::Result<void> drain();
  base::Result<void> turn();
  void meet_schedule(uint64_t now_ns);
  void ping_when_due(uint64_t now_ns);
  void begin(Connection& connection, uint64_t due_ns);
  void send_more(Connection& connection);
  void watch(Connection& connection, int operation, bool room);
  base::Result<void> receive(Connection& connection);
  void complete(Connection& connection, uint64_t now_ns);
  void release(Connection& connection, uint64_t now_ns);
  void count(const Connection& connection, uint64_t now_ns);
  [[nodiscard]] const std::string& next_request() noexcept {
    return options_.requests[next_request_++ % options_.requests.size()];
  }
  [[nodiscard]] uint64_t& errors_of(Kind kind) noexcept {
    return kind == Kind::kLoad     ? report_.broken
           : kind == Kind::kStream ? report_.stream_errors
                                   : report_.ping_errors;
  }
  [[nodiscard]] bool measuring(uint64_t time_ns) const noexcept {
    return time_ns >= measure_from_ns_ && time_ns < end_ns_;
  }
  [[nodiscard]] bool open_loop() const noexcept { return options_.rate > 0; }
  void start_measuring();
  void stop_measuring();

  const LoadOptions& options_;
  base::SystemClock clock_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;
  std::optional<ArrivalSchedule> schedule_;
  std::deque<uint64_t> waiting_;  // due, but no connection was free
  size_t in_flight_ = 0;          // of Kind::kLoad
  std::vector<Connection*> idle_pings_;
  uint64_t ping_due_ns_ = 0;
  size_t next_request_ = 0;
  uint64_t measure_from_ns_ = 0;
  uint64_t end_ns_ = 0;
  std::optional<uint64_t> cpu_ns_before_;
  uint64_t answers_ = 0;  // all that came between the two readings of the server's CPU time
  LoadReport report_;
  std::array<epoll_event, 1024> events_{};
  std::vector<char> received_ = std::vector<char>(kReceiveBytes);
};

LoadClient::~LoadClient() {
  for (const Connection& connection : connections_) {
    if (connection.descriptor >= 0) {
      ::close(connection.descriptor);
    }
  }
  if (epoll_ >= 0) {
    ::close(epoll_);
  }
}

base::Result<LoadReport> LoadClient::run() {
  RM_TRY(open_all());
  uint64_t start_ns = clock_.now_ns();
  measure_from_ns_ = start_ns + static_cast<uint64_t>(options_.warmup_s * 1e9);
  end_ns_ = measure_from_ns_ + static_cast<uint64_t>(options_.duration_s * 1e9);
  if (open_loop()) {
    schedule_.emplace(options_.arrivals, options_.rate, start_ns, options_.seed);
  }
  ping_due_ns_ = start_ns;
  for (Connection& connection : connections_) {
    release(connection, start_ns);
  }
  RM_TRY(loop());
  RM_TRY(drain());
  report_.seconds = options_.duration_s;
  return std::move(report_);
}

base::Result<void> LoadClient::open_all() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) {
    return base::fail(base::system_error(errno, "epoll_create1"));
  }
  for (size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].kind = i < options_.connections                                 ? Kind::kLoad
                           : i < options_.connections + options_.stream_connections ? Kind::kStream
                                                                                    : Kind::kPing;
    RM_TRY(open(connections_[i]));
  }
  return {};
}

base::Result<void> LoadClient::open(Connection& connection) {
  RM_ASSIGN(connection.descriptor, connect_loopback(options_.port));
  watch(connection, EPOLL_CTL_ADD, false);
  return {};
}

/// The server gave up on the connection: a fresh one takes its place.
base::Result<void> LoadClient::reopen(Connection& connection) {
  ::close(connection.descriptor);
  connection.awaits_room = false;
  connection.reader.reset();
  uint64_t now_ns = clock_.now_ns();
  if (connection.in_flight) {
    if (measuring(now_ns)) {
      ++errors_of(connection.kind);
    }
    in_flight_ -= connection.kind == Kind::kLoad ? 1 : 0;
    connection.in_flight = false;
    RM_TRY(open(connection));
    release(connection, now_ns);
    return {};
  }
  return open(connection);
}

base::Result<void> LoadClient::loop() {
  for (uint64_t now_ns = clock_.now_ns(); now_ns < end_ns_; now_ns = clock_.now_ns()) {
    if (!cpu_ns_before_ && now_ns >= measure_from_ns_) {
      start_measuring();
    }
    if (schedule_) {
      meet_schedule(now_ns);
    }
    ping_when_due(now_ns);
    RM_TRY(turn());
  }
  stop_measuring();
  return {};
}

/// In the open loop what was due before the end still gets its answer, or a second to come.
base::Result<void> LoadClient::drain() {
  if (!open_loop()) {
    return {};
  }
  uint64_t deadline_ns = clock_.now_ns() + kDrainNs;
  uint64_t now_ns = clock_.now_ns();
  while (now_ns < deadline_ns && (in_flight_ > 0 || !waiting_.empty())) {
    meet_schedule(now_ns);
    RM_TRY(turn());
    now_ns = clock_.now_ns();
  }
  report_.unanswered += in_flight_ + waiting_.size();
  return {};
}

base::Result<void> LoadClient::turn() {
  int ready = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), 0);
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events_[static_cast<size_t>(i)];
    Connection& connection = connections_[event.data.u32];
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
      RM_TRY(receive(connection));
    }
    if ((event.events & EPOLLOUT) != 0 && !connection.unsent.empty()) {
      send_more(connection);
    }
  }
  return {};
}

void LoadClient::meet_schedule(uint64_t now_ns) {
  while (schedule_->next_ns() <= now_ns && schedule_->next_ns() < end_ns_) {
    waiting_.push_back(schedule_->next_ns());
    schedule_->advance();
  }
  while (!waiting_.empty() && !idle_.empty()) {
    Connection& connection = *idle_.back();
    idle_.pop_back();
    begin(connection, waiting_.front());
    waiting_.pop_front();
  }
}

void LoadClient::ping_when_due(uint64_t now_ns) {
  if (idle_pings_.empty() || now_ns < ping_due_ns_) {
    return;
  }
  Connection& connection = *idle_pings_.back();
  idle_pings_.pop_back();
  begin(connection, ping_due_ns_);
  ping_due_ns_ += static_cast<uint64_t>(1e9 / options_.ping_rate);
}

void LoadClient::begin(Connection& connection, uint64_t due_ns) {
  RM_DCHECK(!connection.in_flight);
  connection.in_flight = true;
  connection.due_ns = due_ns;
  switch (connection.kind) {
    case Kind::kLoad:
      connection.unsent = next_request();
      ++in_flight_;
      break;
    case Kind::kStream:
      connection.unsent = options_.stream_request;
      break;
    case Kind::kPing:
      connection.unsent = options_.ping_request;
      break;
  }
  send_more(connection);
}

/// An error of send() is left to receive(), which sees the end of the connection.
void LoadClient::send_more(Connection& connection) {
  size_t wanted = std::min(connection.unsent.size(), kSendBytesMax);
  ssize_t sent = send(connection.descriptor, connection.unsent.data(), wanted, MSG_NOSIGNAL);
  if (sent > 0) {
    connection.unsent.remove_prefix(static_cast<size_t>(sent));
    if (connection.kind == Kind::kStream) {
      report_.stream_bytes += measuring(clock_.now_ns()) ? static_cast<uint64_t>(sent) : 0;
    }
  }
  bool more = !connection.unsent.empty();
  if (more != connection.awaits_room) {
    watch(connection, EPOLL_CTL_MOD, more);
  }
}

void LoadClient::watch(Connection& connection, int operation, bool room) {
  epoll_event event{};
  event.events = EPOLLIN | (room ? uint32_t{EPOLLOUT} : 0);
  event.data.u32 = static_cast<uint32_t>(&connection - connections_.data());
  int failed = epoll_ctl(epoll_, operation, connection.descriptor, &event);
  RM_CHECK(failed == 0);
  connection.awaits_room = room;
}

base::Result<void> LoadClient::receive(Connection& connection) {
  ssize_t got = recv(connection.descriptor, received_.data(), received_.size(), 0);
  if (got < 0 && errno == EAGAIN) {
    return {};
  }
  if (got <= 0) {
    return reopen(connection);
  }
  std::string_view bytes(received_.data(), static_cast<size_t>(got));
  size_t used = connection.reader.read(bytes);
  // An answer before the whole request went out is the server's way to refuse: the rest of the
  // request would be taken for the next one, so the connection cannot be used on.
  bool complete_answer = connection.reader.state() == ResponseReader::State::kComplete;
  if (!connection.in_flight || used < bytes.size() ||
      connection.reader.state() == ResponseReader::State::kBroken ||
      (complete_answer && !connection.unsent.empty())) {
    return reopen(connection);
  }
  if (complete_answer) {
    complete(connection, clock_.now_ns());
  }
  return {};
}

void LoadClient::complete(Connection& connection, uint64_t now_ns) {
  count(connection, now_ns);
  connection.reader.reset();
  connection.in_flight = false;
  in_flight_ -= connection.kind == Kind::kLoad ? 1 : 0;
  if (now_ns < end_ns_ || open_loop()) {
    release(connection, now_ns);
  }
}

/// The connection is free: the next request, or the bench until one is due.
void LoadClient::release(Connection& connection, uint64_t now_ns) {
  if (connection.kind == Kind::kPing) {
    idle_pings_.push_back(&connection);
  } else if (connection.kind == Kind::kLoad && open_loop()) {
    idle_.push_back(&connection);
  } else {
    begin(connection, now_ns);
  }
}

void LoadClient::count(const Connection& connection, uint64_t now_ns) {
  const int status = connection.reader.status();
  if (connection.kind == Kind::kStream) {
    if (measuring(now_ns)) {
      ++report_.stream_responses;
      report_.stream_errors += status == options_.expected_status ? 0 : 1;
    }
    return;
  }
  if (connection.kind == Kind::kPing) {
    if (measuring(connection.due_ns)) {
      report_.ping_errors += status == 200 ? 0 : 1;
      report_.ping_latency_ns.record(now_ns - connection.due_ns);
    }
    return;
  }
  answers_ += measuring(now_ns) ? 1 : 0;
  if (!measuring(open_loop() ? connection.due_ns : now_ns)) {
    return;
  }
  if (status == options_.refusal_status) {
    report_.refusal_latency_ns.record(now_ns - connection.due_ns);
    return;
  }
  ++report_.responses;
  report_.wrong_status += status == options_.expected_status ? 0 : 1;
  report_.latency_ns.record(now_ns - connection.due_ns);
}

void LoadClient::start_measuring() {
  cpu_ns_before_ = 0;
  if (options_.server_pid) {
    cpu_ns_before_ = cpu_time_ns(*options_.server_pid).value_or(0);
  }
}

void LoadClient::stop_measuring() {
  if (!options_.server_pid) {
    return;
  }
  auto cpu_ns = cpu_time_ns(*options_.server_pid);
  if (cpu_ns && answers_ > 0) {
    report_.server_cpu_us =
        static_cast<double>(*cpu_ns - *cpu_ns_before_) / 1e3 / static_cast<double>(answers_);
  }
  auto resident = resident_bytes(*options_.server_pid);
  if (resident) {
    report_.server_resident_bytes = *resident;
  }
}

}  // namespace

base::Result<LoadReport> run_load(const LoadOptions& options) { return LoadClient(options).run(); }

}  // namespace ringmaker::latency
