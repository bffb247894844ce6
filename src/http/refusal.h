// Refusal: why a request is turned down by the protocol itself, before any handler decides.
//
// After every refusal the connection is closed, because the place where the next request would
// begin is in doubt or not worth waiting for.
#pragma once

#include <string_view>

namespace ringmaker::http {

/// Of which each path takes some.
inline constexpr std::string_view kAllMethods = "GET, HEAD, POST, DELETE, OPTIONS";

struct Refusal {
  int status = 0;             // 0: no refusal
  std::string_view sentence;  // lives until it is answered: what was wrong, what was expected
  std::string_view allow{};   // static text: of 405, the methods that are taken instead

  [[nodiscard]] explicit operator bool() const noexcept { return status != 0; }
};

}  // namespace ringmaker::http
