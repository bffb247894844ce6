// What all sets of exact scores do alike. Included within a namespace that has defined kDoubles,
// how many doubles a register holds.

using Doubles = double __attribute__((vector_size(kDoubles * sizeof(double))));
using Floats = float __attribute__((vector_size(kDoubles * sizeof(float))));
constexpr size_t kRegisters = kExactLanes / kDoubles;

inline void add_products(const float* row, const double* weights, Doubles* lanes) {
  for (size_t r = 0; r < kRegisters; ++r) {
    Floats values;
    Doubles factors;
    std::memcpy(&values, row + r * kDoubles, sizeof(values));
    std::memcpy(&factors, weights + r * kDoubles, sizeof(factors));
    lanes[r] += factors * __builtin_convertvector(values, Doubles);
  }
}

inline double fold(Doubles* lanes) {
  for (size_t half = kRegisters / 2; half > 0; half /= 2) {
    for (size_t r = 0; r < half; ++r) {
      lanes[r] += lanes[r + half];
    }
  }
  double folded[kDoubles];
  std::memcpy(folded, lanes, sizeof(folded));
  for (size_t half = kDoubles / 2; half > 0; half /= 2) {
    for (size_t l = 0; l < half; ++l) {
      folded[l] += folded[l + half];
    }
  }
  return folded[0];
}

/// What is read behind the end of a row is multiplied by zero; behind the end of the last one
/// nothing is read.
inline void score_exactly(const ExactScoresTask& task, double* raw) {
  const float* const end = task.rows + task.row_count * task.features;
  const size_t last = task.stride - kExactLanes;
  float copy[kExactLanes];
  for (size_t i = 0; i < task.row_count; ++i) {
    const float* const row = task.rows + i * task.features;
    const float* tail = row + last;
    if (static_cast<size_t>(end - tail) < kExactLanes) {
      std::memset(copy, 0, sizeof(copy));
      std::memcpy(copy, tail, (task.features - last) * sizeof(float));
      tail = copy;
    }
    for (size_t k = 0; k < task.outputs; ++k) {
      const double* const weights = task.weights + k * task.stride;
      Doubles lanes[kRegisters] = {};
      for (size_t j = 0; j < last; j += kExactLanes) {
        add_products(row + j, weights + j, lanes);
      }
      add_products(tail, weights + last, lanes);
      *raw++ = task.bias[k] + fold(lanes);
    }
  }
}
