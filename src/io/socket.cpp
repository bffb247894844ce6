#include "io/socket.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace ringmaker::io {
namespace {

sockaddr_in address_of(const ListenOptions& options) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  address.sin_addr.s_addr = htonl(options.loopback_only ? INADDR_LOOPBACK : INADDR_ANY);
  return address;
}

/// 0, or the errno of the step that failed.
int bind_socket(int descriptor, const ListenOptions& options, bool share_port) noexcept {
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share_port && ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    return errno;
  }
  const sockaddr_in address = address_of(options);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return errno;
  }
  return 0;
}

Descriptor open_socket() noexcept {
  return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

base::Error bind_error(int error_number, uint16_t port) {
  if (error_number == EADDRINUSE) {
    return {
        base::ErrorCode::kInvalidInput,
        fmt::format("port {} is in use; stop what listens there, or choose another port", port)};
  }
  if (error_number == EACCES) {
    return {
        base::ErrorCode::kInvalidInput,
        fmt::format("port {} needs privileges this process lacks; choose one above 1023", port)};
  }
  return base::system_error(error_number, fmt::format("cannot listen on port {}", port));
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    value_ = other.release();
  }
  return *this;
}

int Descriptor::release() noexcept { return std::exchange(value_, -1); }

void Descriptor::reset() noexcept {
  if (value_ >= 0) {
    ::close(value_);
    value_ = -1;
  }
}

base::Result<Descriptor> listen_on(const ListenOptions& options) {
  Descriptor listener = open_socket();
  if (!listener) {
    return base::fail(base::system_error(errno, "cannot create a socket"));
  }
  const int error_number = bind_socket(listener.get(), options, true);
  if (error_number != 0) {
    return base::fail(bind_error(error_number, options.port));
  }
  // Accepted sockets inherit it, which saves a system call for each.
  const int on = 1;
  ::setsockopt(listener.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::listen(listener.get(), options.backlog) != 0) {
    return base::fail(bind_error(errno, options.port));
  }
  return listener;
}

base::Result<void> check_port_is_free(const ListenOptions& options,
                                      std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    Descriptor probe = open_socket();
    if (!probe) {
      return base::fail(base::system_error(errno, "cannot create a socket"));
    }
    int error_number = bind_socket(probe.get(), options, false);
    // With SO_REUSEADDR two sockets may be bound; only listening tells them apart.
    if (error_number == 0 && options.port != 0 && ::listen(probe.get(), 1) != 0) {
      error_number = errno;
    }
    if (error_number == 0) {
      return {};
    }
    if (error_number != EADDRINUSE || std::chrono::steady_clock::now() >= deadline) {
      return base::fail(bind_error(error_number, options.port));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

base::Result<uint16_t> local_port(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return base::fail(base::system_error(errno, "cannot read the port of a socket"));
  }
  return ntohs(address.sin_port);
}

void prepare_connection(int descriptor) noexcept {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

uint64_t since_last_bytes_ns(int descriptor) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  const bool told = ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
  return told ? info.tcpi_last_data_recv * base::kNanosecondsPerMillisecond : 0;
}

Descriptor accept_waiting(int listener) noexcept {
  ::fcntl(listener, F_SETFL, ::fcntl(listener, F_GETFL) | O_NONBLOCK);
  return Descriptor(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

bool turn_newcomers_away(int listener) noexcept {
  // The filter sees the TCP header. Connections that are accepted later inherit it, harmlessly: the
  // packets of theirs that have SYN have ACK as well.
  constexpr uint32_t kFlagsAt = 13;
  constexpr uint32_t kSyn = 0x02;
  constexpr uint32_t kAck = 0x10;
  std::array<sock_filter, 5> code{{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsAt),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSyn | kAck),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0),  // dropped
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),  // all of it goes through
  }};
  const sock_fprog program{code.size(), code.data()};
  return ::setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

void refuse_connection(int descriptor, std::string_view answer) noexcept {
  ::send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(descriptor, SHUT_WR);
  ::close(descriptor);
}

}  // namespace ringmaker::io
