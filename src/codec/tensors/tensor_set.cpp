#include "codec/tensors/tensor_set.h"

#include <utility>

namespace ringmaker::codec {

void TensorSet::reset() noexcept {
  columns_.reset();
  has_rows_ = false;
  column_rows_.reset();
  ignored_columns_ = false;
}

TensorSet::Problem TensorSet::admit(TensorHead& tensor) {
  if (std::string problem = tensor.settle(schema_, features_, column_rows_.has_value());
      !problem.empty()) {
    return {std::move(problem)};
  }
  if (Problem problem = object_to_type(tensor); !problem.text.empty()) {
    return problem;
  }
  if (tensor.role == TensorHead::Role::kRows) {
    return {admit_rows()};
  }
  if (tensor.role == TensorHead::Role::kColumn) {
    if (std::string problem = admit_column(tensor); !problem.empty()) {
      return {std::move(problem)};
    }
  } else {
    ignored_columns_ = true;
  }
  if (tensor.rows > kGatheredBytesMax / sizeof(double) / schema_.feature_count()) {
    return {"tensors of so many rows are over 64 MiB; send one of whole rows"};
  }
  return {};
}

TensorSet::Problem TensorSet::object_to_type(const TensorHead& tensor) const {
  if (tensor.role == TensorHead::Role::kIgnored) {
    return {};
  }
  const bool texts = *tensor.type == TensorType::kBytes;
  for (size_t k = 0; k < tensor.columns; ++k) {
    const size_t feature = tensor.role == TensorHead::Role::kColumn ? tensor.feature : k;
    if (texts ? !schema_.takes_texts(feature) : schema_.is_text(feature)) {
      return {texts ? "BYTES are texts, but this feature is a number"
                    : "this feature is a text, which comes as BYTES, in a tensor of its own",
              tensor.role == TensorHead::Role::kRows ? k + 1 : 0};
    }
  }
  return {};
}

std::string TensorSet::admit_rows() {
  if (has_rows_ || column_rows_) {
    return "it holds whole rows, but is not the only one that holds values";
  }
  has_rows_ = true;
  return {};
}

std::string TensorSet::admit_column(const TensorHead& tensor) {
  if (has_rows_) {
    return "it stands beside one that holds whole rows";
  }
  if (columns_.has(tensor.feature)) {
    return "it is there twice";
  }
  if (column_rows_.value_or(tensor.rows) != tensor.rows) {
    return "it has " + std::to_string(tensor.rows) + " rows, others have " +
           std::to_string(*column_rows_);
  }
  column_rows_ = tensor.rows;
  columns_.begin(tensor.feature);
  return {};
}

}  // namespace ringmaker::codec
