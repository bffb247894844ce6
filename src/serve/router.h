// Router: which path is whose.
#pragma once

#include "http/handler.h"
#include "serve/endpoint_exchange.h"
#include "serve/endpoint_path.h"
#include "serve/inference_routes.h"
#include "serve/invocations.h"
#include "serve/metrics.h"
#include "serve/model_routes.h"
#include "serve/session_route.h"
#include "serve/stream_route.h"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// What all shards see of the server's life; written by the supervisor.
struct ServerState {
  std::atomic<bool> ready{false};                   // the model has scored and every shard runs
  mutable std::atomic<bool> signature_told{false};  // the log says once that none is checked
  // Written before the first shard runs:
  std::string execution_parameters;  // JSON
  bool runtime_api = false;          // the doors that SageMaker does not need are open: the API of
                                     // its clients, /endpoints, and inference protocols, /v1, /v2
  // Written before the shards are shown the model behind /invocations:
  std::vector<float> example_row;  // of its training data; empty: its file holds none
};

/// Not thread-safe: one a shard.
class Router final : public http::Handler {
 public:
  Router(io::Reactor& reactor, ModelTable& models, Invocations& invocations,
         ModelRoutes& model_routes, StreamRoute& streams, SessionRoute& sessions,
         const ServerState& state, const MetricsRegistry& registry, ShardMetrics& metrics,
         telemetry::Log& log)
      : reactor_(reactor),
        models_(models),
        invocations_(invocations),
        model_routes_(model_routes),
        streams_(streams),
        sessions_(sessions),
        state_(state),
        registry_(registry),
        metrics_(metrics),
        log_(log),
        inference_(models, invocations) {}

  /// From now on /ping says 503. Told together with the http server, so that no answer says the one
  /// without the other.
  void begin_drain() noexcept {
    draining_ = true;
    streams_.begin_drain();
  }

  http::BodyMode on_head(http::Exchange& exchange) noexcept override;
  void on_request(http::Exchange& exchange, std::string_view body) noexcept override;
  void on_body(http::Exchange& exchange, std::string_view piece, bool last) noexcept override;
  void on_writable(http::Exchange& exchange) noexcept override;
  void on_due(http::Exchange& exchange) noexcept override;
  void on_written(uint64_t nanoseconds) noexcept override;
  void on_abandoned(http::Exchange& exchange) noexcept override;
  void on_body_cut(const http::RequestHead& head, uint64_t bytes) noexcept override;
  void on_refused(const http::Refusal& refusal, const http::RequestHead* head) noexcept override;
  void answer_refusal(http::Exchange& exchange, const http::Refusal& refusal) noexcept override;
  void on_connection_refused(const http::Refusal& refusal) noexcept override;

 private:
  http::BodyMode invocation(http::Exchange& exchange);
  http::BodyMode invoke(http::Exchange& exchange, ShardModel& model, Route route);
  http::BodyMode stream(http::Exchange& exchange);
  http::BodyMode refuse_without_model(http::Exchange& exchange, Route route);
  [[nodiscard]] bool is_stream(const http::Exchange& exchange) {
    return path_of(exchange) == kStreamPath;
  }
  http::BodyMode below_models(http::Exchange& exchange, const ModelPath& path);
  http::BodyMode below_endpoints(http::Exchange& exchange, const EndpointPath& path);
  /// `exchange` as the clients of the API know requests.
  EndpointExchange& endpoint_exchange(http::Exchange& exchange) {
    return EndpointExchange::make(
        exchange, reactor_.now_ns() ^ ++endpoint_requests_ ^ reinterpret_cast<uintptr_t>(this));
  }
  /// Decoded, until the next call; nothing where that cannot be.
  [[nodiscard]] std::optional<std::string_view> name_of(std::string_view encoded);
  /// Where a request that nobody handles would have gone.
  [[nodiscard]] Route route_of(const http::RequestHead& head);
  /// What /ping says.
  [[nodiscard]] bool ready() const noexcept {
    return !draining_ && state_.ready.load(std::memory_order_relaxed);
  }
  /// In its one spelling; until the next call.
  [[nodiscard]] std::string_view path_of(const http::Exchange& exchange);
  void ping(http::Exchange& exchange);
  void execution_parameters(http::Exchange& exchange);
  void describe(http::Exchange& exchange);
  void metrics(http::Exchange& exchange);
  void options(http::Exchange& exchange, Route route, std::string_view allow);
  void refuse(http::Exchange& exchange, Route route, int status, std::string_view sentence,
              std::string_view allow = {});

  io::Reactor& reactor_;
  ModelTable& models_;
  Invocations& invocations_;
  ModelRoutes& model_routes_;
  StreamRoute& streams_;
  SessionRoute& sessions_;
  const ServerState& state_;
  const MetricsRegistry& registry_;
  ShardMetrics& metrics_;
  telemetry::Log& log_;
  InferenceRoutes inference_;
  bool draining_ = false;
  uint64_t endpoint_requests_ = 0;
  const http::RequestHead* refused_ = nullptr;  // which is counted, and not as gone
  std::string path_;   // of the request in hand, where it had to be rewritten
  std::string name_;   // of the model asked for, where it had to be decoded
  std::string event_;  // of a stream's answer, under construction
};

}  // namespace ringmaker::serve
