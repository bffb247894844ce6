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

/// What a value adds: its distance from the fill, nothing where it is missing.
inline float distance(float x, float fill) {
  const float d = x - fill;
  return x == x ? d : 0.0F;
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

void score(const LinearTask& task, float* raw) {
  for (size_t i = 0; i < task.row_count; ++i) {
    const float* row = task.rows + i * task.features;
    for (size_t k = 0; k < task.outputs; ++k) {
      *raw++ = task.bias[k] + dot(row, task.fill, task.weights + k * task.stride, task.features);
    }
  }
}

void add_row(const float* row, const float* fill, float residual, size_t features,
             float* gradient) {
  for (size_t j = 0; j < features; ++j) {
    gradient[j] += residual * distance(row[j], fill[j]);
  }
}

/// The four products are added in pairs, so that the sum needs the gradient once for four rows.
void add_four_rows(const LinearTask& task, size_t i, size_t k, const float* residual,
                   float* gradient) {
  const float* row0 = task.rows + i * task.features;
  const float* row1 = row0 + task.features;
  const float* row2 = row1 + task.features;
  const float* row3 = row2 + task.features;
  const float r0 = residual[i * task.outputs + k];
  const float r1 = residual[(i + 1) * task.outputs + k];
  const float r2 = residual[(i + 2) * task.outputs + k];
  const float r3 = residual[(i + 3) * task.outputs + k];
  for (size_t j = 0; j < task.features; ++j) {
    const float fill = task.fill[j];
    const float front = r0 * distance(row0[j], fill) + r1 * distance(row1[j], fill);
    const float back = r2 * distance(row2[j], fill) + r3 * distance(row3[j], fill);
    gradient[j] += front + back;
  }
}

void accumulate(const LinearTask& task, const float* residual, float* gradient) {
  size_t i = 0;
  for (; i + 4 <= task.row_count; i += 4) {
    for (size_t k = 0; k < task.outputs; ++k) {
      add_four_rows(task, i, k, residual, gradient + k * task.stride);
    }
  }
  for (; i < task.row_count; ++i) {
    for (size_t k = 0; k < task.outputs; ++k) {
      add_row(task.rows + i * task.features, task.fill, residual[i * task.outputs + k],
              task.features, gradient + k * task.stride);
    }
  }
}

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
