#include "tests/support/loopback_peer.h"

#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace ringmaker::test {

LoopbackPeer::LoopbackPeer(int port, uint8_t host)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (!socket_) {
    return;
  }
  sockaddr_in address = loopback_address(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & 0xFFFF'FF00U) | host);
  const timeval limit{20, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    socket_.reset();
  }
}

bool LoopbackPeer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string LoopbackPeer::receive_until(std::string_view end) {
  std::string text;
  std::array<char, 65'536> buffer;
  while (!text.ends_with(end)) {
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      break;
    }
    text.append(buffer.data(), static_cast<size_t>(got));
  }
  return text;
}

std::string LoopbackPeer::receive_some() {
  std::string text(65'536, '\0');
  const ssize_t got = ::recv(socket_.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return text;
}

bool LoopbackPeer::ends() {
  std::array<char, 4096> buffer;
  ssize_t got = 0;
  do {
    got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  } while (got > 0);
  return got == 0;
}

void LoopbackPeer::half_close() const { ::shutdown(socket_.get(), SHUT_WR); }

void LoopbackPeer::reset() {
  const linger hard{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  socket_.reset();
}

}  // namespace ringmaker::test
