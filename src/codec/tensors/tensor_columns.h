// TensorColumns: the values of features that come one tensor each, until all are there and can be
// written row by row.
#pragma once

#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. `schema` must outlive it.
class TensorColumns {
 public:
  explicit TensorColumns(const data::Schema& schema)
      : schema_(schema), values_(schema.feature_count()), given_(schema.feature_count(), false) {}

  void reset() noexcept;

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] bool has(size_t feature) const noexcept { return given_[feature]; }
  /// The values of the feature are going to come.
  void begin(size_t feature);
  [[nodiscard]] std::vector<double>& of(size_t feature) noexcept { return values_[feature]; }
  [[nodiscard]] uint64_t bytes_held() const noexcept;
  /// A feature that is not there.
  [[nodiscard]] std::optional<std::string_view> lacking() const noexcept;
  /// Of row `row`, which every feature has.
  void write(size_t row, float* out) const noexcept;

 private:
  const data::Schema& schema_;
  std::vector<std::vector<double>> values_;  // by feature
  std::vector<bool> given_;
  size_t count_ = 0;
};

}  // namespace ringmaker::codec
