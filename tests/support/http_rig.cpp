#include "tests/support/http_rig.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

namespace ringmaker::test {

HttpRig::HttpRig(http::Handler& handler, const base::Clock& clock,
                 const http::ServerOptions& options, const io::BackendOptions& io) {
  auto backend = io::EpollBackend::create(clock, io);
  EXPECT_TRUE(backend);
  backend_ = std::move(*backend);
  reactor_ = std::make_unique<io::Reactor>(clock, *backend_, io::ReactorOptions{.spin_ns = 0});
  server_ = std::make_unique<http::Server>(*reactor_, handler, options);
}

io::Descriptor HttpRig::connect(bool* adopted) {
  std::array<int, 2> pair{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()), 0);
  const bool taken = server_->adopt(pair[0]);
  if (adopted != nullptr) {
    *adopted = taken;
  } else {
    EXPECT_TRUE(taken);
  }
  return io::Descriptor(pair[1]);
}

void HttpRig::turn(uint64_t timeout_ns) {
  (void)timeout_ns;
  for (const io::Completion& completion : reactor_->turn(true)) {
    server_->handle(completion);
  }
  server_->finish_turn();
}

void HttpRig::settle() {
  for (int i = 0; i < 12; ++i) {
    turn();
  }
}

void send_all(const io::Descriptor& peer, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string receive_available(const io::Descriptor& peer, bool* closed) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = ::recv(peer.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      text.append(buffer.data(), static_cast<size_t>(got));
      continue;
    }
    if (closed != nullptr) {
      *closed = got == 0;
    }
    return text;
  }
}

std::vector<int> statuses(std::string_view bytes) {
  std::vector<int> found;
  constexpr std::string_view kStart = "HTTP/1.1 ";
  for (size_t at = bytes.find(kStart); at != std::string_view::npos;
       at = bytes.find(kStart, at + 1)) {
    const int status = std::atoi(std::string(bytes.substr(at + kStart.size(), 3)).c_str());
    if (status >= 100) {
      found.push_back(status);
    }
  }
  return found;
}

}  // namespace ringmaker::test
