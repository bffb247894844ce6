// Random: a small, fast, seeded generator whose streams are the same on every machine.
//
// xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. Not for secrets.
#pragma once

#include <array>
#include <cstdint>

namespace ringmaker::base {

/// Not thread-safe; values are cheap to copy.
class Random {
 public:
  using result_type = uint64_t;

  explicit Random(uint64_t seed) noexcept;

  uint64_t operator()() noexcept;
  /// Uniform in [0, bound); bound > 0. Unbiased (Lemire, 2019).
  uint64_t below(uint64_t bound) noexcept;
  /// Uniform in [0, 1) with 53 bits.
  double uniform() noexcept;
  /// True with probability `probability`.
  bool chance(double probability) noexcept { return uniform() < probability; }

  static constexpr uint64_t min() noexcept { return 0; }
  static constexpr uint64_t max() noexcept { return UINT64_MAX; }

 private:
  std::array<uint64_t, 4> state_{};
};

}  // namespace ringmaker::base
