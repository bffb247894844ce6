// AccessLog: which requests a shard writes to the log, and how.
//
// Requests that were refused are warnings, which the log merges when they are equal; those that
// went well are told of one in so many, a /ping or GET /models
// that went well never: they come every few seconds.
#pragma once

#include "http/exchange.h"
#include "http/refusal.h"
#include "serve/metrics.h"
#include "telemetry/log.h"

#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

struct AccessPolicy {
  bool errors = true;
  uint64_t one_in = 0;  // of requests that went well; 0: none, 1: all
};

/// Not thread-safe: one a shard.
class AccessLog {
 public:
  AccessLog(telemetry::Log& log, const AccessPolicy& policy) noexcept
      : log_(log), policy_(policy) {}

  [[nodiscard]] bool errors() const noexcept { return policy_.errors; }
  /// After each answer; those with an error status have been told of by refused().
  void answered(const http::RequestHead& head, Route route, int status,
                uint64_t nanoseconds) noexcept {
    if (policy_.one_in != 0 && status < 400 && route != Route::kPing) {
      write_answered(head, status, nanoseconds);
    }
  }
  void refused(const http::RequestHead& head, int status, std::string_view detail) noexcept;
  /// By http itself; `head` is null where too little came.
  void refused_by_http(const http::Refusal& refusal, const http::RequestHead* head) noexcept;
  /// The client has gone after so many bytes of the body, which are not all.
  void cut(const http::RequestHead& head, uint64_t bytes) noexcept;

 private:
  void write_answered(const http::RequestHead& head, int status, uint64_t nanoseconds) noexcept;

  telemetry::Log& log_;
  AccessPolicy policy_;
  uint64_t skipped_ = 0;  // since the last that was written
};

}  // namespace ringmaker::serve
