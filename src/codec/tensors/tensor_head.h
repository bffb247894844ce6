// TensorHead: what is said of a tensor beside its data, and what that makes of its values: rows,
// or a feature's column.
#pragma once

#include "codec/feature_index.h"
#include "codec/tensors/tensor_type.h"
#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::codec {

struct TensorHead {
  enum class Role : uint8_t {
    kUnknown,  // until settle()
    kRows,     // whole rows of the model's features, in their order
    kColumn,   // the values of one feature
    kIgnored,  // a column that the model does not know
  };

  std::string name;
  std::optional<TensorType> type;
  std::optional<std::vector<uint64_t>> shape;
  std::optional<uint64_t> binary_bytes;  // of values that follow the JSON
  bool has_data = false;

  Role role = Role::kUnknown;
  size_t feature = 0;  // of a column
  uint64_t rows = 0;
  size_t columns = 1;      // values a row has in this tensor
  uint64_t rows_read = 0;  // by who reads them

  /// Shape and type are known.
  [[nodiscard]] bool described() const noexcept { return type && shape; }
  /// Decides the role. A shape of one dimension is a column where the name is a feature's or the
  /// model has one feature, and one row where it is as long as the model is wide and the payload
  /// has no columns (`beside_columns`). Returns what is wrong; empty: nothing.
  [[nodiscard]] std::string settle(const data::Schema& schema, const FeatureIndex& features,
                                   bool beside_columns);
};

}  // namespace ringmaker::codec
