// TensorSet: the tensors of one payload, and whether they fit together: one of whole rows, or one
// for each feature, whose values are gathered until all are there.
#pragma once

#include "codec/feature_index.h"
#include "codec/tensors/tensor_columns.h"
#include "codec/tensors/tensor_head.h"
#include "data/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ringmaker::codec {

/// Features that are texts come as BYTES, all others as numbers. Not thread-safe. `schema` must
/// outlive it.
class TensorSet {
 public:
  /// Of columns, as doubles.
  static constexpr uint64_t kGatheredBytesMax = uint64_t{64} << 20U;

  explicit TensorSet(const data::Schema& schema)
      : schema_(schema), features_(schema), columns_(schema) {}

  void reset() noexcept;
  /// What is wrong with a tensor; without text: nothing.
  struct Problem {
    std::string text;
    size_t column = 0;  // of whole rows, from 1; 0: the tensor's own
  };
  /// One more, which is described: decides its role.
  [[nodiscard]] Problem admit(TensorHead& tensor);

  /// One has whole rows.
  [[nodiscard]] bool has_rows() const noexcept { return has_rows_; }
  /// Rows of the columns; 0 without columns.
  [[nodiscard]] uint64_t column_rows() const noexcept { return column_rows_.value_or(0); }
  [[nodiscard]] TensorColumns& columns() noexcept { return columns_; }
  [[nodiscard]] const TensorColumns& columns() const noexcept { return columns_; }
  /// Some are none of the model's features.
  [[nodiscard]] bool ignored_columns() const noexcept { return ignored_columns_; }

 private:
  [[nodiscard]] Problem object_to_type(const TensorHead& tensor) const;
  [[nodiscard]] std::string admit_rows();
  [[nodiscard]] std::string admit_column(const TensorHead& tensor);

  const data::Schema& schema_;
  FeatureIndex features_;
  TensorColumns columns_;
  bool has_rows_ = false;
  std::optional<uint64_t> column_rows_;
  bool ignored_columns_ = false;
};

}  // namespace ringmaker::codec
