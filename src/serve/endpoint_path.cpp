#include "serve/endpoint_path.h"

namespace ringmaker::serve {

EndpointPath parse_endpoint_path(std::string_view path) noexcept {
  constexpr std::string_view kRoot = "/endpoints/";
  if (!path.starts_with(kRoot)) {
    return {};
  }
  path.remove_prefix(kRoot.size());
  const size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  if (name.empty() || slash == std::string_view::npos) {
    return {};
  }
  const std::string_view what = path.substr(slash + 1);
  if (what == "invocations") {
    return {EndpointPath::Kind::kInvoke, name};
  }
  if (what == "async-invocations") {
    return {EndpointPath::Kind::kInvokeAsync, name};
  }
  if (what == "invocations-response-stream") {
    return {EndpointPath::Kind::kInvokeWithStream, name};
  }
  return {};
}

}  // namespace ringmaker::serve
