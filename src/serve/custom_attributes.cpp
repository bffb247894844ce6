#include "serve/custom_attributes.h"

#include "base/text.h"

#include <algorithm>

namespace ringmaker::serve {

bool has_custom_attribute(const http::RequestHead& head, std::string_view name,
                          std::string_view value) noexcept {
  std::string scratch;
  std::string_view attributes = custom_attributes(head, scratch);
  while (!attributes.empty()) {
    const size_t end = std::min(attributes.find_first_of(";,"), attributes.size());
    const std::string_view pair = attributes.substr(0, end);
    const size_t equals = std::min(pair.find('='), pair.size());
    if (equals < pair.size() &&
        base::equals_ignoring_case(base::trimmed(pair.substr(0, equals)), name) &&
        base::equals_ignoring_case(base::trimmed(pair.substr(equals + 1)), value)) {
      return true;
    }
    attributes.remove_prefix(std::min(end + 1, attributes.size()));
  }
  return false;
}

}  // namespace ringmaker::serve
