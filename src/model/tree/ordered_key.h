// OrderedKey: a float32 as an unsigned integer of the same order, which is cheaper to compare.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace ringmaker::model {

/// Above the key of every number, infinity included.
inline constexpr uint32_t kKeyMax = std::numeric_limits<uint32_t>::max();

/// key(a) < key(b) exactly where a < b, for numbers; both zeros have one key, and NaN has
/// `nan_key`. All keys of numbers lie between 0 and kKeyMax, both excluded.
[[nodiscard]] inline uint32_t ordered_key(float x, uint32_t nan_key) noexcept {
  constexpr uint32_t kSign = 1U << 31;
  const auto bits = std::bit_cast<uint32_t>(x + 0.0F);  // -0 becomes 0
  // Positive numbers move above all negative ones, whose order is turned round.
  const uint32_t flipped = (bits & kSign) != 0 ? kKeyMax : kSign;
  return x != x ? nan_key : bits ^ flipped;
}

/// The float of a key, 0 of both zeros; NaN of kKeyMax.
[[nodiscard]] inline float value_of_key(uint32_t key) noexcept {
  constexpr uint32_t kSign = 1U << 31;
  const uint32_t flipped = (key & kSign) != 0 ? kSign : kKeyMax;
  return key == kKeyMax ? std::numeric_limits<float>::quiet_NaN()
                        : std::bit_cast<float>(key ^ flipped);
}

}  // namespace ringmaker::model
