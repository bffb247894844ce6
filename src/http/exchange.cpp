#include "http/exchange.h"

#include "http/ascii.h"

namespace ringmaker::http {

std::string_view RequestHead::header(std::string_view name) const noexcept {
  for (const Header& candidate : headers) {
    if (equals_ignoring_case(candidate.name, name)) {
      return candidate.value;
    }
  }
  return {};
}

}  // namespace ringmaker::http
