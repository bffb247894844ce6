#include "serve/inference_path.h"

namespace ringmaker::serve {
namespace {

using Kind = InferencePath::Kind;

/// Takes what stands before the next slash off the front, and the slash.
std::string_view next_segment(std::string_view& rest) noexcept {
  const size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

InferencePath parse_v1(std::string_view rest) noexcept {
  constexpr std::string_view kPredict = ":predict";
  if (rest.find('/') != std::string_view::npos || rest.empty()) {
    return {};
  }
  if (!rest.ends_with(kPredict)) {
    return {Kind::kV1Model, rest, {}};
  }
  rest.remove_suffix(kPredict.size());
  return rest.empty() ? InferencePath{} : InferencePath{Kind::kV1Predict, rest, {}};
}

InferencePath parse_v2_model(std::string_view rest) noexcept {
  if (rest.ends_with('/')) {
    return {};
  }
  InferencePath path;
  path.name = next_segment(rest);
  std::string_view what = next_segment(rest);
  if (what == "versions") {
    path.version = next_segment(rest);
    what = next_segment(rest);
    if (path.version.empty()) {
      return {};
    }
  }
  if (path.name.empty() || !rest.empty()) {
    return {};
  }
  path.kind = what.empty()      ? Kind::kModel
              : what == "ready" ? Kind::kModelReady
              : what == "infer" ? Kind::kInfer
                                : Kind::kNone;
  return path;
}

}  // namespace

bool is_inference_path(std::string_view path) noexcept {
  return path == "/v2" || path.starts_with("/v2/") || path.starts_with("/v1/");
}

InferencePath parse_inference_path(std::string_view path) noexcept {
  constexpr std::string_view kV1Models = "/v1/models";
  constexpr std::string_view kV2Models = "/v2/models/";
  if (path == "/v2" || path == "/v2/") {
    return {Kind::kServer, {}, {}};
  }
  if (path == "/v2/health/live") {
    return {Kind::kLive, {}, {}};
  }
  if (path == "/v2/health/ready") {
    return {Kind::kReady, {}, {}};
  }
  if (path == kV1Models) {
    return {Kind::kV1Models, {}, {}};
  }
  if (path.starts_with(kV2Models)) {
    return parse_v2_model(path.substr(kV2Models.size()));
  }
  if (path.starts_with(kV1Models) && path.substr(kV1Models.size()).starts_with('/')) {
    return parse_v1(path.substr(kV1Models.size() + 1));
  }
  return {};
}

}  // namespace ringmaker::serve
