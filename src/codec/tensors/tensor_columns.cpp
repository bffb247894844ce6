#include "codec/tensors/tensor_columns.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace ringmaker::codec {
namespace {

/// What a payload like others leaves behind is kept.
constexpr size_t kKeptValuesMax = 4096;

}  // namespace

void TensorColumns::reset() noexcept {
  if (count_ == 0) {
    return;
  }
  for (std::vector<double>& values : values_) {
    values.clear();
    if (values.capacity() > kKeptValuesMax) {
      values.shrink_to_fit();
    }
  }
  given_.assign(given_.size(), false);
  count_ = 0;
}

void TensorColumns::begin(size_t feature) {
  given_[feature] = true;
  ++count_;
}

uint64_t TensorColumns::bytes_held() const noexcept {
  if (count_ == 0) {
    return 0;
  }
  return std::transform_reduce(
      values_.begin(), values_.end(), uint64_t{0}, std::plus<>(),
      [](const std::vector<double>& values) { return values.size() * sizeof(double); });
}

std::optional<std::string_view> TensorColumns::lacking() const noexcept {
  const auto lacking = std::ranges::find(given_, false);
  return lacking == given_.end()
             ? std::nullopt
             : std::optional<std::string_view>(
                   schema_.feature_names[static_cast<size_t>(lacking - given_.begin())]);
}

void TensorColumns::write(size_t row, float* out) const noexcept {
  for (size_t j = 0; j < values_.size(); ++j) {
    const double value = values_[j][row];
    out[j] =
        schema_.narrowing.empty() ? static_cast<float>(value) : schema_.narrowing.narrow(j, value);
  }
}

}  // namespace ringmaker::codec
