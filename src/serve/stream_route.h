// StreamRoute: bidirectional streaming, GET /invocations-bidirectional-stream.
//
// What docs/contract.md calls section 12.3: the platform, or a client, opens a WebSocket there and
// sends payloads as messages; each is answered by one message, in order. The handshake is refused
// as an invocation would be; after it a MessageStream has the connection.
#pragma once

#include "http/handler.h"
#include "serve/message_stream.h"
#include "serve/metrics.h"
#include "serve/stream_options.h"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

inline constexpr std::string_view kStreamPath = "/invocations-bidirectional-stream";

/// Not thread-safe: one a shard.
class StreamRoute {
 public:
  StreamRoute(io::Reactor& reactor, ModelTable& models, Invocations& invocations,
              const StreamOptions& options, telemetry::Log& log)
      : options_(options), around_{reactor, models, invocations, log, options_} {}
  StreamRoute(const StreamRoute&) = delete;
  StreamRoute& operator=(const StreamRoute&) = delete;

  /// There is a model of ModelTable::own().
  http::BodyMode on_head(http::Exchange& exchange);
  // Of exchanges that on_head has not refused:
  void on_body(http::Exchange& exchange, std::string_view piece, bool last);
  void on_writable(http::Exchange& exchange);
  void on_due(http::Exchange& exchange);
  void on_abandoned(http::Exchange& exchange);

  void begin_drain();
  [[nodiscard]] size_t open() const noexcept { return all_.size() - free_.size(); }

 private:
  [[nodiscard]] static MessageStream& of(http::Exchange& exchange) noexcept;
  [[nodiscard]] MessageStream& take_stream();
  void give_back_if_over(MessageStream& stream);
  http::BodyMode refuse(http::Exchange& exchange, int status, std::string_view sentence,
                        std::string_view instead = {});

  const StreamOptions options_;
  StreamSurroundings around_;
  std::vector<std::unique_ptr<MessageStream>> all_;
  std::vector<MessageStream*> free_;
  bool draining_ = false;
};

}  // namespace ringmaker::serve
