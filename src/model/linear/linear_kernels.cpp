#include "model/linear/linear_kernels.h"

namespace ringmaker::model {
#if defined(__x86_64__)
namespace linear_avx2 {
extern const LinearKernels kKernels;
}
namespace linear_avx512 {
extern const LinearKernels kKernels;
}
#elif defined(__aarch64__)
namespace linear_neon {
extern const LinearKernels kKernels;
}
#endif

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/linear/exponential-inl.h"

using Floats = float;
constexpr size_t kFloats = 1;

inline Floats splat(float value) { return value; }
inline Floats load(const float* from) { return *from; }
inline void store(float* to, Floats value) { *to = value; }

/// What a value adds: its distance from the fill, nothing where it is missing.
inline float distance(float x, float fill) {
  const float d = x - fill;
  return x == x ? d : 0.0F;
}

inline Floats distances(const float* x, const float* fill, size_t /*left*/) {
  return distance(*x, *fill);
}

/// Half of the lanes are added to the other half until one is left.
float fold(float* lanes) {
  for (size_t half = kLinearLanes / 2; half > 0; half /= 2) {
    for (size_t l = 0; l < half; ++l) {
      lanes[l] += lanes[l + half];
    }
  }
  return lanes[0];
}

float dot(const float* row, const float* fill, const float* weights, size_t features) {
  float lanes[kLinearLanes] = {};
  size_t j = 0;
  for (; j + kLinearLanes <= features; j += kLinearLanes) {
    for (size_t l = 0; l < kLinearLanes; ++l) {
      lanes[l] += weights[j + l] * distance(row[j + l], fill[j + l]);
    }
  }
  for (size_t l = 0; j + l < features; ++l) {
    lanes[l] += weights[j + l] * distance(row[j + l], fill[j + l]);
  }
  return fold(lanes);
}

// NOLINTNEXTLINE(bugprone-suspicious-include): as above, over the vectors of this set.
#include "model/linear/linear_kernels-inl.h"

constexpr LinearKernels kPortable{score, accumulate, logistic_loop, exponential_loop};

}  // namespace

const LinearKernels& linear_kernels(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512) {
    return linear_avx512::kKernels;
  }
  if (set == base::InstructionSet::kAvx2) {
    return linear_avx2::kKernels;
  }
#elif defined(__aarch64__)
  if (set == base::InstructionSet::kNeon) {
    return linear_neon::kKernels;
  }
#endif
  static_cast<void>(set);
  return kPortable;
}

}  // namespace ringmaker::model
