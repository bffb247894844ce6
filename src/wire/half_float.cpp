#include "wire/half_float.h"

#include <bit>
#include <cmath>

namespace ringmaker::wire {

float float_of_half(uint16_t bits) noexcept {
  const int exponent = (bits >> 10U) & 0x1f;
  const auto mantissa = static_cast<float>(bits & 0x3ffU);
  float magnitude = 0;
  if (exponent == 0) {
    magnitude = std::ldexp(mantissa, -24);
  } else if (exponent == 31) {
    magnitude = mantissa == 0 ? INFINITY : NAN;
  } else {
    magnitude = std::ldexp(mantissa + 1024.0F, exponent - 25);
  }
  return (bits & 0x8000U) != 0 ? -magnitude : magnitude;
}

float float_of_bfloat16(uint16_t bits) noexcept {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16U);
}

}  // namespace ringmaker::wire
