// The operators that graphs may use.
#pragma once

#include "model/graph/operator_context.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::model {

inline constexpr size_t kAnyNumber = SIZE_MAX;

struct Operator {
  std::string_view domain;  // "" or "ai.onnx.ml"
  std::string_view name;
  size_t inputs_min = 1;  // inputs that must be there
  size_t inputs_max = 1;  // kAnyNumber: and none may be left out
  base::Result<void> (*build)(OperatorContext& node) = nullptr;
};

inline constexpr std::string_view kMlDomain = "ai.onnx.ml";
/// Versions of the two domains that are read; behind the last one operators may mean other things.
inline constexpr int64_t kOpsetMax = 23;
inline constexpr int64_t kMlOpsetMax = 5;

/// By domain and name.
[[nodiscard]] std::span<const Operator> all_operators() noexcept;
/// Null for one that is not known.
[[nodiscard]] const Operator* find_operator(std::string_view domain,
                                            std::string_view name) noexcept;

}  // namespace ringmaker::model
