// Client sockets to 127.0.0.1.
#pragma once

#include "io/socket.h"

#include <netinet/in.h>

#include <cstdint>

namespace ringmaker::test {

[[nodiscard]] sockaddr_in loopback_address(uint16_t port) noexcept;

/// A blocking socket; none, and the test fails, when nobody accepts there.
[[nodiscard]] io::Descriptor connect_loopback(uint16_t port);

}  // namespace ringmaker::test
