// session_request: bodies that ask something of a session, {"requestType":"NEW_SESSION"} and
// {"requestType":"CLOSE"}, and are no payload.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// A body that is longer is a payload.
inline constexpr size_t kSessionRequestBytesMax = 1024;

/// What `body` asks for; empty when it is no such thing.
[[nodiscard]] std::string session_request(std::string_view body);

}  // namespace ringmaker::serve
