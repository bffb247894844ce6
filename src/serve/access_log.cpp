#include "serve/access_log.h"

#include "base/clock.h"

namespace ringmaker::serve {
namespace {

std::string_view name_of(http::Method method) noexcept {
  switch (method) {
    case http::Method::kGet:
      return "GET";
    case http::Method::kHead:
      return "HEAD";
    case http::Method::kPost:
      return "POST";
    case http::Method::kPut:
      return "PUT";
    case http::Method::kDelete:
      return "DELETE";
    case http::Method::kOptions:
      return "OPTIONS";
    case http::Method::kOther:
      return "other";
  }
  return "other";
}

std::string_view request_id(const http::RequestHead& head) noexcept {
  return head.header("X-Amzn-SageMaker-Inference-Id");
}

}  // namespace

void AccessLog::write_answered(const http::RequestHead& head, int status,
                               uint64_t nanoseconds) noexcept {
  // The platform lists the models every few seconds, as it pings.
  const bool routine = head.path == "/models" && head.method == http::Method::kGet;
  if (routine || ++skipped_ < policy_.one_in) {
    return;
  }
  skipped_ = 0;
  log_.write(telemetry::Level::kInfo, "request",
             {{"method", name_of(head.method)},
              {"route", head.path},
              {"status", int64_t{status}},
              {"us", nanoseconds / base::kNanosecondsPerMicrosecond},
              {"request_id", request_id(head)}});
}

void AccessLog::refused(const http::RequestHead& head, int status,
                        std::string_view detail) noexcept {
  if (policy_.errors) {
    log_.write(telemetry::Level::kWarn, "request_refused",
               {{"method", name_of(head.method)},
                {"route", head.path},
                {"status", int64_t{status}},
                {"detail", detail},
                {"request_id", request_id(head)}});
  }
}

void AccessLog::refused_by_http(const http::Refusal& refusal,
                                const http::RequestHead* head) noexcept {
  if (!policy_.errors) {
    return;
  }
  telemetry::Field route{"route", std::monostate()};
  telemetry::Field id{"request_id", std::monostate()};
  if (head != nullptr && !head->path.empty()) {
    route.value = head->path;
  }
  if (head != nullptr) {
    id.value = request_id(*head);
  }
  log_.write(telemetry::Level::kWarn, "http_refused",
             {route, {"status", int64_t{refusal.status}}, {"detail", refusal.sentence}, id});
}

void AccessLog::cut(const http::RequestHead& head, uint64_t bytes) noexcept {
  if (policy_.errors) {
    log_.write(telemetry::Level::kWarn, "client_gone",
               {{"route", head.path}, {"body_bytes", bytes}, {"request_id", request_id(head)}});
  }
}

}  // namespace ringmaker::serve
