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

std::string_view RequestHead::header_list(std::string_view name, std::string& scratch) const {
  std::string_view list;
  for (const Header& candidate : headers) {
    if (!equals_ignoring_case(candidate.name, name)) {
      continue;
    }
    if (list.empty()) {
      list = candidate.value;
    } else {
      std::string joined(list);
      scratch = joined.append(",").append(candidate.value);
      list = scratch;
    }
  }
  return list;
}

}  // namespace ringmaker::http
