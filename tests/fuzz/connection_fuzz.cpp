// Connections: any bytes, in any cuts, over a backend that does what kernels do on a bad day, to a
// handler that answers early, late, in parts or not at all. Each request is answered once and in
// order, the answers are those of a run without hurry, and everything returns to zero.
//
// The first eight bytes of the input choose cuts, faults and manners; the rest is what is sent.
#include "base/random.h"
#include "http/server.h"
#include "io/socket.h"
#include "tests/support/manual_clock.h"
#include "tests/support/plain_refusal.h"
#include "tests/support/simulated_backend.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ringmaker;

void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Answers the n-th request with its number, in one of several manners that depend on n alone.
class NumberingHandler final : public http::Handler {
 public:
  NumberingHandler(uint64_t manners, bool hurried) : manners_(manners), hurried_(hurried) {}

  http::BodyMode on_head(http::Exchange& exchange) noexcept override {
    Known& known = exchanges_.emplace_back();
    known.exchange = &exchange;
    known.manner = static_cast<Manner>((manners_ >> (4 * (exchanges_.size() % 8))) % kManners);
    exchange.user() = reinterpret_cast<void*>(exchanges_.size());  // NOLINT: a number
    switch (known.manner) {
      case Manner::kInHead:
        answer(exchange);
        return http::BodyMode::kDiscard;
      case Manner::kCollected:
      case Manner::kCollectedLater:
      case Manner::kInParts:
        return http::BodyMode::kCollect;
      default:
        return http::BodyMode::kStream;
    }
  }
  void on_request(http::Exchange& exchange, std::string_view body) noexcept override {
    known(exchange).body_bytes += body.size();
    whole(exchange);
  }
  void on_body(http::Exchange& exchange, std::string_view piece, bool last) noexcept override {
    Known& it = known(exchange);
    demand(!it.whole);
    it.body_bytes += piece.size();
    if (last) {
      whole(exchange);
    } else if (it.manner == Manner::kEarly && exchange.head().header("Expect").empty()) {
      answer(exchange);
    } else if (it.manner == Manner::kPausing && hurried_) {
      exchange.pause_body();
      it.paused = true;
    }
  }
  void on_writable(http::Exchange& exchange) noexcept override { go_on(exchange); }
  void on_written(uint64_t /*nanoseconds*/) noexcept override {}
  void on_abandoned(http::Exchange& exchange) noexcept override {
    Known& it = known(exchange);
    demand(it.exchange == &exchange);
    it.exchange = nullptr;
    ++abandoned;
  }
  void on_connection_refused(const http::Refusal& refusal) noexcept override {
    demand(refusal.status == 503);
  }
  void on_refused(const http::Refusal& refusal,
                  const http::RequestHead* /*head*/) noexcept override {
    demand(refusal.status >= 400 && !refusal.sentence.empty());
    ++refused;
  }
  void answer_refusal(http::Exchange& exchange, const http::Refusal& refusal) noexcept override {
    test::answer_plainly(exchange, refusal);
  }

  /// Does one thing that was put off.
  void act(base::Random& random) {
    if (exchanges_.empty()) {
      return;
    }
    Known& it = exchanges_[random.below(exchanges_.size())];
    if (it.exchange == nullptr) {
      return;
    }
    if (it.paused) {
      it.paused = false;
      it.exchange->resume_body();
    } else if (it.whole && !it.begun) {
      begin(*it.exchange);
    }
  }
  /// Those that wait are answered, from the last to the first.
  void act_all() {
    for (size_t i = exchanges_.size(); i > 0; --i) {
      Known& it = exchanges_[i - 1];
      if (it.exchange != nullptr && it.paused) {
        it.paused = false;
        it.exchange->resume_body();
      } else if (it.exchange != nullptr && it.whole && !it.begun) {
        begin(*it.exchange);
      }
    }
  }

  [[nodiscard]] size_t heads() const noexcept { return exchanges_.size(); }
  size_t answered = 0;
  size_t abandoned = 0;
  size_t refused = 0;

 private:
  enum class Manner : uint8_t {
    kInHead,
    kCollected,
    kCollectedLater,
    kInParts,
    kStreamed,
    kEarly,
    kPausing,
  };
  static constexpr uint64_t kManners = 7;
  static constexpr size_t kPartsOf = 8'000;
  static constexpr size_t kParts = 40;

  struct Known {
    http::Exchange* exchange = nullptr;  // null once it has ended
    Manner manner = Manner::kCollected;
    size_t body_bytes = 0;
    size_t parts = 0;
    bool whole = false;
    bool paused = false;
    bool begun = false;
  };

  Known& known(http::Exchange& exchange) {
    return exchanges_[reinterpret_cast<size_t>(exchange.user()) - 1];
  }
  void whole(http::Exchange& exchange) {
    Known& it = known(exchange);
    demand(!it.whole);
    it.whole = true;
    const auto& length = exchange.head().content_length;
    demand(!length || *length == it.body_bytes);
    const bool later = it.manner == Manner::kCollectedLater || it.manner == Manner::kInParts;
    if (!later || !hurried_) {
      begin(exchange);
    }
  }
  void begin(http::Exchange& exchange) {
    Known& it = known(exchange);
    it.begun = true;
    if (it.manner != Manner::kInParts || reinterpret_cast<size_t>(exchange.user()) > 3) {
      answer(exchange);
      return;
    }
    std::array<char, 24> text{};
    const std::array<http::Header, 1> number{numbered(exchange, text)};
    exchange.begin_response({.content_type = "text/plain", .extra_headers = number}, std::nullopt);
    go_on(exchange);
  }
  void go_on(http::Exchange& exchange) {
    static const std::string kPart(kPartsOf, 'p');
    Known& it = known(exchange);
    while (it.parts < kParts) {
      ++it.parts;
      if (!exchange.write(kPart)) {
        return;
      }
    }
    it.exchange = nullptr;
    ++answered;
    exchange.finish();
  }
  void answer(http::Exchange& exchange) {
    Known& it = known(exchange);
    it.begun = true;
    std::array<char, 24> text{};
    const std::array<http::Header, 1> number{numbered(exchange, text)};
    it.exchange = nullptr;
    ++answered;
    exchange.respond({.content_type = "text/plain", .extra_headers = number}, "whole\n");
  }
  static http::Header numbered(http::Exchange& exchange, std::array<char, 24>& text) {
    const auto number = reinterpret_cast<size_t>(exchange.user());
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {"Number", {text.data(), static_cast<size_t>(end - text.data())}};
  }

  std::vector<Known> exchanges_;
  uint64_t manners_;
  bool hurried_;
};

struct Manners {
  uint64_t seed = 0;
  uint64_t handler = 0;
  test::SimulatedFaults faults;
  io::BackendOptions io{.streams_max = 2, .buffer_count = 8, .buffer_bytes = 4096};
  size_t cut_max = SIZE_MAX;
  size_t gives_up_at = SIZE_MAX;  // bytes
};

struct Ending {
  std::string received;
  bool exact = true;  // the connection was neither broken nor given up
};

/// One connection from beginning to end.
Ending run(std::string_view bytes, const Manners& manners, bool hurried) {
  test::ManualClock clock;
  base::Random random(manners.seed);
  uint64_t step_ns = 1'000;
  NumberingHandler handler(manners.handler, hurried);
  auto owned = std::make_unique<test::SimulatedBackend>(
      manners.seed, manners.io, manners.faults,
      [&](uint64_t timeout_ns) { clock.advance_ns(std::min(timeout_ns, step_ns)); });
  test::SimulatedBackend& backend = *owned;
  io::Reactor reactor(clock, backend, {.spin_ns = 0});
  http::ServerOptions options;
  options.limits.body_bytes_max = 2'000;
  options.limits.streamed_body_bytes_max = 4'000;
  options.limits.discarded_body_bytes_max = 4'000;
  http::Server server(reactor, handler, options);

  std::array<int, 2> pair{};
  demand(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) == 0);
  demand(server.adopt(pair[0]));
  io::Descriptor peer(pair[1]);
  Ending ending;
  size_t sent = 0;
  bool finished = false;
  bool ended = false;
  const size_t until = std::min(bytes.size(), manners.gives_up_at);

  const auto peer_acts = [&] {
    if (!peer) {
      return;
    }
    if (sent < until) {
      const size_t size = std::min({until - sent, manners.cut_max, size_t{16'384}});
      const ssize_t taken =
          ::send(peer.get(), bytes.data() + sent, 1 + random.below(size), MSG_NOSIGNAL);
      if (taken > 0) {
        sent += static_cast<size_t>(taken);
      } else if (taken < 0 && errno != EAGAIN) {
        sent = until;
      }
    } else if (until < bytes.size()) {
      peer.reset();
      return;
    } else if (!finished) {
      finished = true;
      ::shutdown(peer.get(), SHUT_WR);
    }
    std::array<char, 16'384> buffer;
    const ssize_t got = ::recv(peer.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
      ending.received.append(buffer.data(), static_cast<size_t>(got));
    } else if (got == 0 || errno != EAGAIN) {
      ended = true;
    }
  };

  constexpr size_t kStepsMax = 400'000;
  constexpr size_t kPatience = 200'000;  // steps, then time passes fast
  size_t steps = 0;
  for (; server.connections() > 0; ++steps) {
    demand(steps < kStepsMax);
    if (steps == kPatience) {
      step_ns = 400'000'000;
    }
    peer_acts();
    for (const io::Completion& completion : reactor.turn(server.work_pending())) {
      server.handle(completion);
    }
    if (random.below(4) == 0) {
      handler.act(random);
    }
    if (sent == until && random.below(64) == 0) {
      handler.act_all();
    }
    server.finish_turn();
    demand(handler.heads() <= http::kPipelinedRequestsMax + handler.answered + handler.abandoned);
  }
  for (size_t i = 0; i < 100'000 && peer && !ended; ++i) {
    peer_acts();
  }
  demand(handler.heads() == handler.answered + handler.abandoned);
  demand(server.exchanges_in_hand() == 0);
  demand(server.held_bytes() == 0);
  demand(reactor.timers().size() == 0);
  demand(backend.open_streams() == 0);
  demand(backend.lent_buffers() == 0);
  ending.exact = until == bytes.size() && manners.faults.broken == 0 && steps < kPatience;
  return ending;
}

/// The status and number of each answer.
std::vector<std::pair<int, size_t>> answers(std::string_view bytes, std::string_view sent,
                                            bool exact) {
  std::vector<std::pair<int, size_t>> found;
  const bool may_be_head = sent.find("HEAD ") != std::string_view::npos;
  while (!bytes.empty()) {
    demand(bytes.starts_with(std::string_view("HTTP/1.1 ").substr(0, bytes.size())));
    const size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
      demand(!exact);
      break;
    }
    const std::string_view head = bytes.substr(0, end + 4);
    bytes.remove_prefix(end + 4);
    const int status = std::atoi(std::string(head.substr(9, 3)).c_str());
    if (status == 100) {
      continue;
    }
    const size_t number_at = head.find("\r\nNumber: ");
    const size_t number =
        number_at == std::string_view::npos
            ? 0
            : std::strtoull(std::string(head.substr(number_at + 10, 10)).c_str(), nullptr, 10);
    found.emplace_back(status, number);
    const bool no_body = may_be_head && bytes.starts_with("HTTP/1.1 ");
    const bool has_length = head.find("\r\nContent-Length: ") != std::string_view::npos;
    const bool is_chunked =
        head.find("\r\nTransfer-Encoding: chunked\r\n") != std::string_view::npos;
    demand(!(has_length && is_chunked));
    if (no_body) {
      continue;
    }
    size_t body_end = bytes.size();
    if (is_chunked) {
      const size_t last = bytes.find("0\r\n\r\n");
      body_end = last == std::string_view::npos ? bytes.size() : last + 5;
    } else if (has_length) {
      body_end =
          std::min(bytes.size(), bytes.find('\n') == std::string_view::npos ? bytes.size()
                                                                            : bytes.find('\n') + 1);
    }
    bytes.remove_prefix(body_end);
    if (status != 200) {
      demand(bytes.empty());  // the connection has ended with it
    }
  }
  return found;
}

Manners draw(std::string_view choices) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(choices[i]); };
  Manners manners;
  for (size_t i = 0; i < choices.size(); ++i) {
    manners.seed = manners.seed * 257 + byte(i);
  }
  manners.handler = manners.seed * 0x9E37'79B9'7F4A'7C15;
  const auto rate = [&](int bit, double value) { return (byte(0) >> bit & 1) != 0 ? value : 0.0; };
  manners.faults = {.late = rate(0, 0.3),
                    .short_receive = rate(1, 0.3),
                    .short_send = rate(2, 0.3),
                    .no_buffer = rate(3, 0.3),
                    .broken = rate(4, 0.01),
                    .interrupted = rate(5, 0.2),
                    .woken = rate(6, 0.1)};
  manners.io.buffer_count = size_t{1} << (byte(1) % 4);
  manners.io.buffer_bytes = size_t{8} << (byte(1) / 4 % 12);
  constexpr std::array<size_t, 4> kCuts{1, 9, 150, SIZE_MAX};
  manners.cut_max = kCuts[byte(2) % 4];
  if ((byte(2) & 0xC0) == 0xC0) {
    manners.gives_up_at = size_t{byte(3)} * 4;
  }
  return manners;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kChoices = 8;
  constexpr size_t kBytesMax = 8'192;
  if (size < kChoices || size > kBytesMax) {
    return 0;
  }
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Manners manners = draw(input.substr(0, kChoices));
  const std::string_view bytes = input.substr(kChoices);
  Manners calm;
  calm.seed = manners.seed;
  calm.handler = manners.handler;
  const Ending expected = run(bytes, calm, false);
  const Ending hurried = run(bytes, manners, true);
  const auto wanted = answers(expected.received, bytes, true);
  const auto got = answers(hurried.received, bytes, hurried.exact);
  for (size_t i = 0; i < got.size(); ++i) {
    const auto& [status, number] = got[i];
    demand(status == 200 ? number == i + 1 : i + 1 == got.size());
  }
  if (hurried.exact) {
    demand(got == wanted);
  }
  return 0;
}
