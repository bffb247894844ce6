#include "model/support_vectors/kernel_rows.h"

#include <cmath>

namespace ringmaker::model {
namespace {

PackedMatrix packed(const DenseKernels& kernels, KernelType type, std::span<const float> vectors,
                    size_t features) {
  const size_t count = vectors.size() / features;
  const std::vector<float> columns = transposed(vectors, features);
  return type == KernelType::kRbf ? PackedMatrix::for_distances(kernels, columns, features, count)
                                  : PackedMatrix::for_products(kernels, columns, features, count);
}

void scale(float* values, size_t count, float factor, float offset) noexcept {
  for (size_t i = 0; i < count; ++i) {
    values[i] = factor * values[i] + offset;
  }
}

/// Small whole powers as products: the reference is as near to the truth.
void raise(float* values, size_t count, float degree) noexcept {
  if (degree == 2) {
    for (size_t i = 0; i < count; ++i) {
      values[i] = values[i] * values[i];
    }
  } else if (degree == 3) {
    for (size_t i = 0; i < count; ++i) {
      values[i] = values[i] * values[i] * values[i];
    }
  } else {
    for (size_t i = 0; i < count; ++i) {
      values[i] = std::pow(values[i], degree);
    }
  }
}

}  // namespace

KernelRows::KernelRows(const DenseKernels& kernels, KernelFunction function,
                       std::span<const float> vectors, size_t features)
    : kernels_(&kernels),
      function_(function),
      vectors_(packed(kernels, function.type, vectors, features)),
      start_(vectors_.columns()) {}

void KernelRows::evaluate(const float* rows, size_t row_count, float* out) const noexcept {
  const size_t values = row_count * count();
  if (function_.type == KernelType::kRbf) {
    vectors_.square_distances(rows, row_count, out);
    scale(out, values, -function_.gamma, 0);
    kernels_->map(ElementaryFunction::kExponential, out, out, values);
    return;
  }
  vectors_.multiply(rows, row_count, {.values = start_.data(), .stride = 0}, out);
  if (function_.type == KernelType::kPoly) {
    scale(out, values, function_.gamma, function_.coef0);
    raise(out, values, function_.degree);
  } else if (function_.type == KernelType::kSigmoid) {
    scale(out, values, function_.gamma, function_.coef0);
    kernels_->map(ElementaryFunction::kTanh, out, out, values);
  }
}

}  // namespace ringmaker::model
