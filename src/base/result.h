// Result<T>: a value or the Error that stands in its place.
//
// Only what std::expected shares with tl::expected is used, so that one can replace the other.
#pragma once

#include "base/error.h"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace ringmaker::base {

template <class T>
using Result = tl::expected<T, Error>;

/// The failing side of a Result: `return fail(ErrorCode::kInvalidInput, "...")`.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)));
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace ringmaker::base

/// Leaves the enclosing function with the error of `expression`, a Result<void> or Result<T>.
#define RM_TRY(expression)                                              \
  do {                                                                  \
    if (auto rm_try_result = (expression); !rm_try_result) {            \
      return ::ringmaker::base::fail(std::move(rm_try_result.error())); \
    }                                                                   \
  } while (false)

#define RM_CONCATENATE_INNER(a, b) a##b
#define RM_CONCATENATE(a, b) RM_CONCATENATE_INNER(a, b)

/// `RM_ASSIGN(auto value, expression)`: the value, or leave with the error.
#define RM_ASSIGN(declaration, expression) \
  RM_ASSIGN_INNER(declaration, expression, RM_CONCATENATE(rm_assign_, __LINE__))
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration and a name, which take none
#define RM_ASSIGN_INNER(declaration, expression, result)         \
  auto result = (expression);                                    \
  if (!(result)) {                                               \
    return ::ringmaker::base::fail(std::move((result).error())); \
  }                                                              \
  declaration = std::move(*(result))
// NOLINTEND(bugprone-macro-parentheses)
