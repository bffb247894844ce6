#include "model/graph/shape.h"

#include <fmt/core.h>

#include <algorithm>

namespace ringmaker::model {

size_t Shape::elements() const noexcept { return elements(0, rank()); }

size_t Shape::elements(size_t first, size_t last) const noexcept {
  size_t count = 1;
  for (size_t axis = first; axis < last; ++axis) {
    count *= static_cast<size_t>(dims[axis]);
  }
  return count;
}

size_t Shape::row_of(size_t i, size_t rows) const noexcept {
  const size_t behind = elements(*batch_axis + 1, rank());
  const auto along = static_cast<size_t>(dims[*batch_axis]);
  return along == 0 || behind == 0 ? 0 : i / behind % (along * rows) / along;
}

std::string text_of(const Shape& shape) {
  std::string text = "[";
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    text += axis == 0 ? "" : ", ";
    if (shape.batch_axis != axis) {
      text += fmt::format("{}", shape.dims[axis]);
    } else {
      text += shape.dims[axis] == 1 ? "N" : fmt::format("{}*N", shape.dims[axis]);
    }
  }
  return text + "]";
}

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  const size_t rank = std::max(a.rank(), b.rank());
  Shape result{.dims = std::vector<int64_t>(rank, 1)};
  for (size_t i = 0; i < rank; ++i) {
    for (const Shape* one : {&a, &b}) {
      if (i + one->rank() < rank) {
        continue;
      }
      const size_t axis = i + one->rank() - rank;
      const bool grows = one->batch_axis == axis;
      const int64_t length = one->dims[axis];
      if (!grows && length == 1) {
        continue;
      }
      const bool free = result.dims[i] == 1 && result.batch_axis != i;
      if (!free && (result.dims[i] != length || (result.batch_axis == i) != grows)) {
        return std::nullopt;
      }
      if (grows && result.batch_axis && result.batch_axis != i) {
        return std::nullopt;  // rows along two axes
      }
      result.dims[i] = length;
      if (grows) {
        result.batch_axis = i;
      }
    }
  }
  return result;
}

}  // namespace ringmaker::model
