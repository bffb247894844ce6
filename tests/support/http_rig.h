// HttpRig: an http::Server on a real backend and real sockets, driven by hand from one thread.
#pragma once

#include "http/server.h"
#include "io/epoll_backend.h"
#include "io/reactor.h"
#include "io/socket.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::test {

class HttpRig {
 public:
  HttpRig(http::Handler& handler, const base::Clock& clock, const http::ServerOptions& options = {},
          const io::BackendOptions& io = {.streams_max = 1024});

  /// A connected peer: what it sends is received by the server at the next turns. With `adopted`
  /// the server may refuse it, which is told there.
  [[nodiscard]] io::Descriptor connect(bool* adopted = nullptr);
  /// Runs turns until nothing has happened for a few of them.
  void settle();
  void turn(uint64_t timeout_ns = 0);
  [[nodiscard]] http::Server& server() noexcept { return *server_; }
  [[nodiscard]] io::Reactor& reactor() noexcept { return *reactor_; }

 private:
  std::unique_ptr<io::Backend> backend_;
  std::unique_ptr<io::Reactor> reactor_;
  std::unique_ptr<http::Server> server_;
};

void send_all(const io::Descriptor& peer, std::string_view bytes);
/// What has arrived by now, without waiting. Sets `closed` when the server has ended the stream.
[[nodiscard]] std::string receive_available(const io::Descriptor& peer, bool* closed = nullptr);

/// The status codes of the responses in `bytes`, in order.
[[nodiscard]] std::vector<int> statuses(std::string_view bytes);

}  // namespace ringmaker::test
