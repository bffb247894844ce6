// Floats of 16 bits, as they lie in binary data.
#pragma once

#include <cstdint>

namespace ringmaker::wire {

/// IEEE 754 binary16. Every value is a float's.
[[nodiscard]] float float_of_half(uint16_t bits) noexcept;
/// bfloat16: the upper half of a float.
[[nodiscard]] float float_of_bfloat16(uint16_t bits) noexcept;

}  // namespace ringmaker::wire
