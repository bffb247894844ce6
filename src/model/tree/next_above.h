// next_above: what std::nextafter() says of a number below infinity, without a call.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace ringmaker::model {

/// x: a finite float or double, or -infinity.
template <std::floating_point Real>
[[nodiscard]] constexpr Real next_above(Real x) noexcept {
  using Bits = std::conditional_t<sizeof(Real) == sizeof(int32_t), int32_t, int64_t>;
  const auto bits = std::bit_cast<Bits>(x + Real{0});  // -0 becomes 0
  return std::bit_cast<Real>(bits < 0 ? bits - 1 : bits + 1);
}

}  // namespace ringmaker::model
