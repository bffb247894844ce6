// All integer types lie in memory as int64_t; what one computes is cut to its type, and wraps where
// int64_t itself has no room.
#pragma once

#include "model/graph/graph.h"

#include <cstdint>
#include <type_traits>

namespace ringmaker::model {

template <class T>
[[nodiscard]] T sum_of(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return a + b;
  }
}
template <class T>
[[nodiscard]] T difference_of(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  } else {
    return a - b;
  }
}
template <class T>
[[nodiscard]] T product_of(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  } else {
    return a * b;
  }
}

[[nodiscard]] inline int64_t wrapped(ElementType type, int64_t value) noexcept {
  switch (type) {
    case ElementType::kUint8:
      return static_cast<uint8_t>(value);
    case ElementType::kInt8:
      return static_cast<int8_t>(value);
    case ElementType::kUint16:
      return static_cast<uint16_t>(value);
    case ElementType::kInt16:
      return static_cast<int16_t>(value);
    case ElementType::kInt32:
      return static_cast<int32_t>(value);
    case ElementType::kUint32:
      return static_cast<uint32_t>(value);
    case ElementType::kBool:
      return value != 0 ? 1 : 0;
    default:
      return value;
  }
}

}  // namespace ringmaker::model
