// The larger and the smaller of two values: NaN where one of them is.
#pragma once

#include <cmath>
#include <type_traits>

namespace ringmaker::model {

template <class T>
[[nodiscard]] bool is_nan(T value) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    return std::isnan(value);
  } else {
    return false;
  }
}

inline constexpr auto kLarger = [](auto a, auto b) { return a < b || is_nan(b) ? b : a; };
inline constexpr auto kSmaller = [](auto a, auto b) { return b < a || is_nan(b) ? b : a; };

}  // namespace ringmaker::model
