#include "codec/tensors/tensor_head.h"

namespace ringmaker::codec {
namespace {

std::string text_of(const std::vector<uint64_t>& shape) {
  std::string text = "[";
  for (const uint64_t size : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  }
  return text + ']';
}

}  // namespace

std::string TensorHead::settle(const data::Schema& schema, const FeatureIndex& features,
                               bool beside_columns) {
  const size_t width = schema.feature_count();
  const std::vector<uint64_t>& sizes = *shape;
  const bool column = sizes.size() == 1 || (sizes.size() == 2 && sizes[1] == 1);
  if (sizes.size() == 2 && sizes[1] == width) {
    role = Role::kRows;
    rows = sizes[0];
    columns = width;
    return {};
  }
  if (column && width == 1) {
    role = Role::kRows;
    rows = sizes[0];
    return {};
  }
  const auto found = column ? features.find(name) : std::nullopt;
  if (found) {
    role = Role::kColumn;
    feature = *found;
    rows = sizes[0];
    return {};
  }
  if (sizes.size() == 1 && sizes[0] == width && !beside_columns) {
    role = Role::kRows;
    rows = 1;
    columns = width;
    return {};
  }
  if (column) {
    role = Role::kIgnored;
    rows = sizes[0];
    return {};
  }
  return "its shape is " + text_of(sizes) + ", expected is [rows, " + std::to_string(width) +
         "] or a feature's [rows]";
}

}  // namespace ringmaker::codec
