// PayloadLog: what is wrong with payloads, as the log is told and as their clients are.
#pragma once

#include "codec/decoder.h"
#include "serve/access_log.h"
#include "serve/invocation.h"
#include "telemetry/log.h"

#include <string>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe: one a shard.
class PayloadLog {
 public:
  /// `brief`: clients learn where the mistake is, neither values nor names.
  PayloadLog(telemetry::Log& log, const AccessLog& access, bool brief) noexcept
      : log_(log), access_(access), brief_(brief) {}

  /// Has its decoder met columns that the model does not know: said once a model.
  void tell_of_unknown_columns(const Invocation& invocation);
  /// A record that the answer marks. Said of the first of a payload.
  void tell_of_record(Invocation& invocation, const codec::DecodeError& error);
  /// The payload is turned down. `place` may be none.
  void tell_of_payload(const Invocation& invocation, int status, const codec::DecodeError& place,
                       std::string_view detail);

  [[nodiscard]] bool brief() const noexcept { return brief_; }
  /// For the log.
  [[nodiscard]] static std::string detail(const Invocation& invocation,
                                          const codec::DecodeError& error);
  /// For the client.
  [[nodiscard]] std::string sentence(const Invocation& invocation,
                                     const codec::DecodeError& error) const;

 private:
  telemetry::Log& log_;
  const AccessLog& access_;
  bool brief_;
};

}  // namespace ringmaker::serve
