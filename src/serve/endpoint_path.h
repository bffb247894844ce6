// EndpointPath: what a path below /endpoints names, in the API by which SageMaker's clients invoke.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

/// /endpoints/NAME/invocations, /endpoints/NAME/async-invocations and
/// /endpoints/NAME/invocations-response-stream.
struct EndpointPath {
  enum class Kind : uint8_t { kNone, kInvoke, kInvokeAsync, kInvokeWithStream };

  Kind kind = Kind::kNone;
  std::string_view name;  // still percent-encoded; a view of the path
};

[[nodiscard]] EndpointPath parse_endpoint_path(std::string_view path) noexcept;

}  // namespace ringmaker::serve
