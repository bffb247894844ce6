#include "serve/router.h"

#include "http/path.h"
#include "serve/error_reply.h"
#include "serve/event_stream_exchange.h"
#include "serve/inference_exchange.h"
#include "serve/openapi.h"

#include <array>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kPingMethods = "GET, HEAD, POST, OPTIONS";
constexpr std::string_view kInvocationsMethods = "POST, OPTIONS";
constexpr std::string_view kStreamMethods = "GET, OPTIONS";
constexpr std::string_view kReadMethods = "GET, HEAD, OPTIONS";

bool reads(http::Method method) noexcept {
  return method == http::Method::kGet || method == http::Method::kHead;
}

}  // namespace

std::string_view Router::path_of(const http::Exchange& exchange) {
  return http::unescape_unreserved(exchange.head().path, path_);
}

http::BodyMode Router::on_head(http::Exchange& exchange) noexcept {
  refused_ = nullptr;
  const http::RequestHead& head = exchange.head();
  const std::string_view path = path_of(exchange);
  const bool options_asked = head.method == http::Method::kOptions;
  if (path == "/ping") {
    if (options_asked) {
      options(exchange, Route::kPing, kPingMethods);
    } else {
      ping(exchange);
    }
  } else if (path == "/invocations") {
    return invocation(exchange);
  } else if (path == kStreamPath) {
    return stream(exchange);
  } else if (path == "/execution-parameters") {
    if (options_asked) {
      options(exchange, Route::kOther, kReadMethods);
    } else {
      execution_parameters(exchange);
    }
  } else if (path == "/metrics") {
    if (options_asked) {
      options(exchange, Route::kMetrics, kReadMethods);
    } else {
      metrics(exchange);
    }
  } else if (path.starts_with("/models")) {
    return below_models(exchange, parse_model_path(path));
  } else if (state_.runtime_api && path.starts_with("/endpoints/")) {
    return below_endpoints(exchange, parse_endpoint_path(path));
  } else if (state_.runtime_api && path == "/openapi.json") {
    if (options_asked) {
      options(exchange, Route::kOther, kReadMethods);
    } else {
      describe(exchange);
    }
  } else if (state_.runtime_api && is_inference_path(path)) {
    return inference_.on_head(exchange, parse_inference_path(path), ready());
  } else if (options_asked && path == "*") {
    options(exchange, Route::kOther, http::kAllMethods);
  } else {
    refuse(exchange, Route::kOther, 404,
           "there is nothing at this path; try /ping, /invocations, /models or /metrics");
  }
  return http::BodyMode::kDiscard;
}

http::BodyMode Router::invocation(http::Exchange& exchange) {
  if (exchange.head().method == http::Method::kOptions) {
    options(exchange, Route::kInvocations, kInvocationsMethods);
    return http::BodyMode::kDiscard;
  }
  ShardModel* const own = models_.own();
  return own != nullptr ? invoke(exchange, *own, Route::kInvocations)
                        : refuse_without_model(exchange, Route::kInvocations);
}

http::BodyMode Router::invoke(http::Exchange& exchange, ShardModel& model, Route route) {
  return SessionRoute::is_asked(exchange.head()) ? sessions_.on_head(exchange, model, route)
                                                 : invocations_.on_head(exchange, model, route);
}

http::BodyMode Router::stream(http::Exchange& exchange) {
  if (exchange.head().method == http::Method::kOptions) {
    options(exchange, Route::kStream, kStreamMethods);
    return http::BodyMode::kDiscard;
  }
  if (models_.own() == nullptr) {
    return refuse_without_model(exchange, Route::kStream);
  }
  if (const std::string_view sentence = sessions_.why_not_stream(exchange.head());
      !sentence.empty()) {
    refuse(exchange, Route::kStream, 400, sentence);
    return http::BodyMode::kDiscard;
  }
  return streams_.on_head(exchange);
}

http::BodyMode Router::refuse_without_model(http::Exchange& exchange, Route route) {
  if (!state_.ready.load(std::memory_order_relaxed)) {
    refuse(exchange, route, 503, "the model is being loaded; retry in a moment");
  } else {
    refuse(exchange, route, 404,
           "this server began without a model; load one with POST /models and send this to "
           "/models/NAME/invoke");
  }
  return http::BodyMode::kDiscard;
}

http::BodyMode Router::below_models(http::Exchange& exchange, const ModelPath& path) {
  switch (path.kind) {
    case ModelPath::Kind::kNone:
      refuse(exchange, Route::kOther, 404,
             "there is nothing at this path; try /models, /models/NAME or /models/NAME/invoke");
      return http::BodyMode::kDiscard;
    case ModelPath::Kind::kAll:
    case ModelPath::Kind::kOne:
      return model_routes_.on_head(exchange, path);
    case ModelPath::Kind::kInvoke:
      break;
  }
  if (exchange.head().method == http::Method::kOptions) {
    options(exchange, Route::kModelInvoke, kInvocationsMethods);
    return http::BodyMode::kDiscard;
  }
  const auto name = name_of(path.name);
  if (!name) {
    refuse(exchange, Route::kModelInvoke, 400, kMalformedName);
    return http::BodyMode::kDiscard;
  }
  ShardModel* const model = models_.find(*name);
  if (model == nullptr) {
    refuse(exchange, Route::kModelInvoke, 404, "no model of this name is loaded");
    return http::BodyMode::kDiscard;
  }
  return invoke(exchange, *model, Route::kModelInvoke);
}

std::optional<std::string_view> Router::name_of(std::string_view encoded) {
  if (encoded.find('%') == std::string_view::npos) {
    return encoded;
  }
  auto decoded = percent_decoded(encoded);
  if (!decoded) {
    return std::nullopt;
  }
  name_ = *std::move(decoded);
  return name_;
}

/// A server of one model answers for any endpoint; one of many has an endpoint for each model, or
/// is told the model as the platform tells it.
http::BodyMode Router::below_endpoints(http::Exchange& exchange, const EndpointPath& path) {
  const http::RequestHead& head = exchange.head();
  if (path.kind == EndpointPath::Kind::kNone) {
    refuse(exchange, Route::kOther, 404,
           "there is nothing at this path; try /endpoints/NAME/invocations");
    return http::BodyMode::kDiscard;
  }
  if (head.method == http::Method::kOptions) {
    options(exchange, Route::kInvocations, kInvocationsMethods);
    return http::BodyMode::kDiscard;
  }
  if (head.method != http::Method::kPost) {
    refuse(exchange, Route::kInvocations, 405, "use POST to invoke an endpoint",
           kInvocationsMethods);
    return http::BodyMode::kDiscard;
  }
  EndpointExchange& inner = endpoint_exchange(exchange);
  if (!head.header("Authorization").empty() && !state_.signature_told.exchange(true)) {
    log_.write(telemetry::Level::kInfo, "runtime_api",
               {{"detail", "requests to /endpoints are answered whatever their signature"}});
  }
  const auto turn_down = [&](int status, std::string_view type, std::string_view sentence) {
    invocations_.access().refused(head, status, sentence);
    invocations_.count(exchange, Route::kInvocations, status);
    inner.refuse(status, type, sentence);
    return http::BodyMode::kDiscard;
  };
  if (path.kind == EndpointPath::Kind::kInvokeAsync) {
    return turn_down(501, "NotImplemented", "asynchronous inference needs S3; use InvokeEndpoint");
  }
  const auto name = name_of(path.name);
  if (!name) {
    return turn_down(400, "ValidationError", kMalformedName);
  }
  const bool streams = path.kind == EndpointPath::Kind::kInvokeWithStream;
  if (const std::string_view sentence = streams ? sessions_.why_not_stream(head) : "";
      !sentence.empty()) {
    return turn_down(400, "ValidationError", sentence);
  }
  ShardModel* model = models_.own();
  if (model == nullptr) {
    const std::string_view target = head.header("X-Amzn-SageMaker-Target-Model");
    model = models_.find(target.empty() ? *name : target);
  }
  if (model != nullptr && streams) {
    return invoke(EventStreamExchange::make(inner, event_), *model, Route::kInvocations);
  }
  if (model != nullptr) {
    return invoke(inner, *model, Route::kInvocations);
  }
  if (!state_.ready.load(std::memory_order_relaxed)) {
    return turn_down(503, "ServiceUnavailable", "the model is being loaded; retry in a moment");
  }
  return turn_down(400, "ValidationError",
                   "no model of this name is loaded; load it with POST /models");
}

void Router::ping(http::Exchange& exchange) {
  const http::Method method = exchange.head().method;
  if (!reads(method) && method != http::Method::kPost) {
    refuse(exchange, Route::kPing, 405, "use GET for /ping", kPingMethods);
    return;
  }
  if (!ready()) {
    // No line in the log: it is what a platform asks until it hears something else.
    invocations_.count(exchange, Route::kPing, 503);
    reply_error(exchange, 503, "not ready");
    return;
  }
  invocations_.count(exchange, Route::kPing, 200);
  exchange.respond({.status = 200, .content_type = "text/plain"}, "\n");
}

void Router::execution_parameters(http::Exchange& exchange) {
  if (!reads(exchange.head().method)) {
    refuse(exchange, Route::kOther, 405, "use GET for /execution-parameters", kReadMethods);
    return;
  }
  invocations_.count(exchange, Route::kOther, 200);
  exchange.respond({.status = 200, .content_type = "application/json"},
                   state_.execution_parameters);
}

void Router::describe(http::Exchange& exchange) {
  if (!reads(exchange.head().method)) {
    refuse(exchange, Route::kOther, 405, "use GET for /openapi.json", kReadMethods);
    return;
  }
  const ShardModel* const own = models_.own();
  invocations_.count(exchange, Route::kOther, 200);
  exchange.respond({.status = 200, .content_type = "application/json"},
                   openapi(own != nullptr ? &own->predictor() : nullptr, state_.example_row));
}

void Router::metrics(http::Exchange& exchange) {
  if (!reads(exchange.head().method)) {
    refuse(exchange, Route::kMetrics, 405, "use GET for /metrics", kReadMethods);
    return;
  }
  invocations_.count(exchange, Route::kMetrics, 200);
  exchange.respond({.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8"},
                   registry_.exposition());
}

void Router::options(http::Exchange& exchange, Route route, std::string_view allow) {
  const std::array<http::Header, 1> headers{{{"Allow", allow}}};
  invocations_.count(exchange, route, 204);
  exchange.respond({.status = 204, .content_type = {}, .extra_headers = headers}, {});
}

void Router::refuse(http::Exchange& exchange, Route route, int status, std::string_view sentence,
                    std::string_view allow) {
  invocations_.access().refused(exchange.head(), status, sentence);
  invocations_.count(exchange, route, status);
  reply_error(exchange, status, sentence, allow);
}

void Router::on_request(http::Exchange& exchange, std::string_view body) noexcept {
  // The only request but invocations whose body is collected.
  if (path_of(exchange) == "/models") {
    model_routes_.on_request(exchange, body);
  } else if (sessions_.holds(exchange)) {
    sessions_.on_request(exchange, body);
  } else {
    invocations_.on_request(exchange, body);
  }
}

void Router::on_body(http::Exchange& exchange, std::string_view piece, bool last) noexcept {
  if (is_stream(exchange)) {
    streams_.on_body(exchange, piece, last);
  } else if (sessions_.holds(exchange)) {
    sessions_.on_body(exchange, piece, last);
  } else {
    invocations_.on_body(exchange, piece, last);
  }
}

void Router::on_writable(http::Exchange& exchange) noexcept {
  if (is_stream(exchange)) {
    streams_.on_writable(exchange);
  } else {
    invocations_.on_writable(exchange);
  }
}

/// Streams alone ask for it.
void Router::on_due(http::Exchange& exchange) noexcept { streams_.on_due(exchange); }

void Router::on_written(uint64_t nanoseconds) noexcept {
  metrics_.spent(Phase::kWrite, nanoseconds);
}

void Router::on_abandoned(http::Exchange& exchange) noexcept {
  if (&exchange.head() != refused_) {
    metrics_.error(ErrorReason::kClientGone).add();
  }
  refused_ = nullptr;
  const ModelPath::Kind kind = parse_model_path(path_of(exchange)).kind;
  if (kind == ModelPath::Kind::kAll || kind == ModelPath::Kind::kOne) {
    model_routes_.on_abandoned(exchange);
  } else if (is_stream(exchange)) {
    streams_.on_abandoned(exchange);
  } else if (!sessions_.on_abandoned(exchange) && exchange.user() != nullptr) {
    invocations_.on_abandoned(exchange);
  }
}

Route Router::route_of(const http::RequestHead& head) {
  const std::string_view path = http::unescape_unreserved(head.path, path_);
  if (path == "/ping") {
    return Route::kPing;
  }
  if (path == "/invocations" ||
      (state_.runtime_api && (parse_endpoint_path(path).kind != EndpointPath::Kind::kNone ||
                              parse_inference_path(path).invokes()))) {
    return Route::kInvocations;
  }
  if (path == kStreamPath) {
    return Route::kStream;
  }
  if (path == "/metrics") {
    return Route::kMetrics;
  }
  switch (parse_model_path(path).kind) {
    case ModelPath::Kind::kNone:
      return Route::kOther;
    case ModelPath::Kind::kAll:
    case ModelPath::Kind::kOne:
      return Route::kModels;
    case ModelPath::Kind::kInvoke:
      return Route::kModelInvoke;
  }
  return Route::kOther;
}

void Router::on_body_cut(const http::RequestHead& head, uint64_t bytes) noexcept {
  invocations_.access().cut(head, bytes);
}

void Router::on_refused(const http::Refusal& refusal, const http::RequestHead* head) noexcept {
  refused_ = head;
  metrics_.refused(head != nullptr ? route_of(*head) : Route::kOther, refusal.status);
  invocations_.access().refused_by_http(refusal, head);
}

void Router::answer_refusal(http::Exchange& exchange, const http::Refusal& refusal) noexcept {
  const http::RequestHead& head = exchange.head();
  const Route route = route_of(head);
  if (const EndpointPath::Kind kind = parse_endpoint_path(path_of(exchange)).kind;
      state_.runtime_api && head.method == http::Method::kPost && refusal.status != 503 &&
      (kind == EndpointPath::Kind::kInvoke || kind == EndpointPath::Kind::kInvokeWithStream)) {
    reply_error(endpoint_exchange(exchange), refusal.status, refusal.sentence, {},
                invocations_.accept());
    return;
  }
  const bool invokes = route == Route::kInvocations || route == Route::kModelInvoke;
  reply_error(exchange, refusal.status, refusal.sentence, refusal.allow,
              invokes ? invocations_.accept() : std::nullopt);
}

/// Counted by the http server itself.
void Router::on_connection_refused(const http::Refusal& refusal) noexcept {
  invocations_.access().refused_by_http(refusal, nullptr);
}

}  // namespace ringmaker::serve
