// Response streaming: whether a request wants its scores as they are made.
//
// The platform forwards InvokeEndpointWithResponseStream as an ordinary invocation, so that nothing
// in it must be relied on; some of its stacks name the API in a header field. Who calls the API can
// say so with the custom attribute stream=true, alone or among others that ; or , divides.
#pragma once

#include "http/exchange.h"

namespace ringmaker::serve {

[[nodiscard]] bool asks_for_streaming(const http::RequestHead& head) noexcept;

}  // namespace ringmaker::serve
