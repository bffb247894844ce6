// The codes with which a WebSocket closes (RFC 6455, 7.4.1).
#pragma once

#include <cstdint>

namespace ringmaker::http::websocket_code {

inline constexpr uint16_t kNormal = 1000;
inline constexpr uint16_t kGoingAway = 1001;
inline constexpr uint16_t kProtocolError = 1002;
inline constexpr uint16_t kUnsupported = 1003;
inline constexpr uint16_t kNone = 1005;  // of a close frame without a code; never on the wire
inline constexpr uint16_t kNotText = 1007;
inline constexpr uint16_t kPolicy = 1008;
inline constexpr uint16_t kTooLarge = 1009;
inline constexpr uint16_t kInternal = 1011;

}  // namespace ringmaker::http::websocket_code
