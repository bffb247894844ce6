// What all sets of linear kernels do alike, over the vectors of each. Included within a namespace
// that has defined Floats, kFloats, splat, load, store, distances (from the fill, of values of
// which `left` are within the row) and dot.

inline void add_row(const float* row, const float* fill, float residual, size_t features,
                    float* gradient) {
  const Floats factor = splat(residual);
  for (size_t j = 0; j < features; j += kFloats) {
    store(gradient + j, load(gradient + j) + factor * distances(row + j, fill + j, features - j));
  }
}

/// The four products are added in pairs, so that the sum needs the gradient once for four rows.
inline void add_four_rows(const LinearTask& task, size_t i, size_t k, const float* residual,
                          float* gradient) {
  const float* row0 = task.rows + i * task.features;
  const float* row1 = row0 + task.features;
  const float* row2 = row1 + task.features;
  const float* row3 = row2 + task.features;
  const Floats r0 = splat(residual[i * task.outputs + k]);
  const Floats r1 = splat(residual[(i + 1) * task.outputs + k]);
  const Floats r2 = splat(residual[(i + 2) * task.outputs + k]);
  const Floats r3 = splat(residual[(i + 3) * task.outputs + k]);
  for (size_t j = 0; j < task.features; j += kFloats) {
    const size_t left = task.features - j;
    const float* fill = task.fill + j;
    const Floats front =
        r0 * distances(row0 + j, fill, left) + r1 * distances(row1 + j, fill, left);
    const Floats back = r2 * distances(row2 + j, fill, left) + r3 * distances(row3 + j, fill, left);
    store(gradient + j, load(gradient + j) + (front + back));
  }
}

inline void accumulate(const LinearTask& task, const float* residual, float* gradient) {
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

inline void score(const LinearTask& task, float* raw) {
  for (size_t i = 0; i < task.row_count; ++i) {
    const float* row = task.rows + i * task.features;
    for (size_t k = 0; k < task.outputs; ++k) {
      *raw++ = task.bias[k] + dot(row, task.fill, task.weights + k * task.stride, task.features);
    }
  }
}
