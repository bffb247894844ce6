// SHA-1 (FIPS 180-4), for the handshake of WebSocket, which asks for it. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ringmaker::http {

[[nodiscard]] std::array<uint8_t, 20> sha1(std::string_view text) noexcept;

}  // namespace ringmaker::http
