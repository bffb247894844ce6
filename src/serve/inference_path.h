// InferencePath: what a path of the open inference protocols names.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

/// Open Inference Protocol: /v2, /v2/health/live, /v2/health/ready,
/// /v2/models/NAME[/versions/V][/ready|/infer]. KServe V1: /v1/models, /v1/models/NAME,
/// /v1/models/NAME:predict.
struct InferencePath {
  enum class Kind : uint8_t {
    kNone,
    kServer,
    kLive,
    kReady,
    kModel,
    kModelReady,
    kInfer,
    kV1Models,
    kV1Model,
    kV1Predict,
  };

  Kind kind = Kind::kNone;
  std::string_view name;     // still percent-encoded; a view of the path
  std::string_view version;  // empty: none is named

  /// A body is scored.
  [[nodiscard]] bool invokes() const noexcept {
    return kind == Kind::kInfer || kind == Kind::kV1Predict;
  }
};

/// Whether the path is one of theirs, if only by its beginning.
[[nodiscard]] bool is_inference_path(std::string_view path) noexcept;
[[nodiscard]] InferencePath parse_inference_path(std::string_view path) noexcept;

}  // namespace ringmaker::serve
