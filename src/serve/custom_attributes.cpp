#include "serve/custom_attributes.h"

#include "base/text.h"

#include <algorithm>

namespace ringmaker::serve {

bool has_custom_attribute(const http::RequestHead& head, std::string_view attribute) noexcept {
  std::string_view attributes = head.header(kCustomAttributes);
  while (!attributes.empty()) {
    const size_t end = std::min(attributes.find_first_of(";,"), attributes.size());
    if (base::equals_ignoring_case(base::trimmed(attributes.substr(0, end)), attribute)) {
      return true;
    }
    attributes.remove_prefix(std::min(end + 1, attributes.size()));
  }
  return false;
}

}  // namespace ringmaker::serve
