#include "serve/response_streaming.h"

#include "serve/custom_attributes.h"

namespace ringmaker::serve {

bool asks_for_streaming(const http::RequestHead& head) noexcept {
  return head.header("X-Amzn-SageMaker-Forwarded-Api") == "InvokeEndpointWithResponseStream" ||
         has_custom_attribute(head, "stream", "true");
}

}  // namespace ringmaker::serve
