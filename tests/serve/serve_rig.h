// ServeRig: the serving part of a shard on a manual clock, with a model that adds two values.
#pragma once

#include "io/epoll_backend.h"
#include "serve/invocations.h"
#include "serve/metrics.h"
#include "serve/router.h"
#include "telemetry/log.h"
#include "tests/batch/sum_predictor.h"
#include "tests/serve/fake_exchange.h"
#include "tests/support/manual_clock.h"

#include <algorithm>
#include <memory>

namespace ringmaker::serve {

class ServeRig {
 public:
  explicit ServeRig(const InvocationOptions& options = {}, const StreamOptions& stream_options = {},
                    RestingShards* resting = nullptr)
      : backend_(std::move(io::EpollBackend::create(clock, {}).value())),
        reactor_(clock, *backend_, {}),
        models(&predictor, options.batch),
        invocations(reactor_, models, resting, options, metrics, log),
        model_routes(0, reactor_, keeper, metrics, invocations.access(),
                     options.error_detail_brief),
        streams(reactor_, models, invocations, stream_options, log),
        sessions(0, {.key = {1, 2}}, sessions_open, reactor_, models, invocations,
                 [](size_t, SessionClosing&) { return true; }),
        router(reactor_, models, invocations, model_routes, streams, sessions, state, registry,
               metrics, log) {
    registry.add(metrics);
  }
  ~ServeRig() { keeper.stop(); }  // its threads write into what model_routes owns
  ServeRig(const ServeRig&) = delete;
  ServeRig& operator=(const ServeRig&) = delete;

  /// Head and body in one piece, then turns until nothing is left to do.
  void ask(FakeExchange& exchange) {
    give(exchange, exchange.body().size() + 1);
    settle();
  }
  /// The same without turns, a streamed body in pieces.
  void give(FakeExchange& exchange, size_t piece_bytes) {
    const http::BodyMode mode = router.on_head(exchange);
    const std::string_view body = exchange.body();
    if (mode == http::BodyMode::kCollect) {
      router.on_request(exchange, body);
    }
    for (size_t at = 0; mode == http::BodyMode::kStream && at < body.size() && exchange.status == 0;
         at += piece_bytes) {
      router.on_body(exchange, body.substr(at, piece_bytes), at + piece_bytes >= body.size());
    }
  }
  void turn() {
    invocations.work_on_batch(true);
    invocations.work_on_large();
    invocations.end_turn();
    models.tidy();
  }
  /// Time goes by, in steps that no reactor takes for a gap.
  void pass(uint64_t nanoseconds) {
    constexpr uint64_t kStep = 900 * base::kNanosecondsPerMillisecond;
    for (uint64_t left = nanoseconds; left > 0; left -= std::min(left, kStep)) {
      clock.advance_ns(std::min(left, kStep));
      (void)reactor_.turn(true);
    }
  }
  [[nodiscard]] io::Reactor& reactor() noexcept { return reactor_; }
  [[nodiscard]] uint64_t now_ns() const noexcept { return reactor_.now_ns(); }
  void settle() {
    for (int i = 0; invocations.work_pending() && i < 100'000; ++i) {
      turn();
    }
  }

  test::ManualClock clock;
  batch::SumPredictor predictor;
  ShardMetrics metrics;
  ServerState state;
  MetricsRegistry registry;
  telemetry::Log log{clock, {.level_min = telemetry::Level::kError}};

 private:
  std::unique_ptr<io::Backend> backend_;
  io::Reactor reactor_;

 public:
  ModelTable models;
  Invocations invocations;
  // Nothing is begun: what it would post goes nowhere.
  ModelKeeper keeper{{.post = [](size_t, const ShardMessage&) { return true; }}, clock, log};
  ModelRoutes model_routes;
  StreamRoute streams;
  SessionCount sessions_open{1024};
  SessionRoute sessions;
  Router router;
};

inline FakeExchange csv(std::string body, FakeExchange::Fields fields = {}) {
  fields.emplace_back("Content-Type", "text/csv");
  return {http::Method::kPost, "/invocations", std::move(fields), std::move(body)};
}

}  // namespace ringmaker::serve
