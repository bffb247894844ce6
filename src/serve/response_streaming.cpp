#include "serve/response_streaming.h"

#include "base/text.h"
#include "serve/passed_on.h"

#include <algorithm>

namespace ringmaker::serve {

bool asks_for_streaming(const http::RequestHead& head) noexcept {
  if (head.header("X-Amzn-SageMaker-Forwarded-Api") == "InvokeEndpointWithResponseStream") {
    return true;
  }
  std::string_view attributes = head.header(PassedOn::kCustomAttributes);
  while (!attributes.empty()) {
    const size_t end = std::min(attributes.find_first_of(";,"), attributes.size());
    if (base::equals_ignoring_case(base::trimmed(attributes.substr(0, end)), "stream=true")) {
      return true;
    }
    attributes.remove_prefix(std::min(end + 1, attributes.size()));
  }
  return false;
}

}  // namespace ringmaker::serve
