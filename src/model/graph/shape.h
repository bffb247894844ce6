// Shape: how large a value of a graph is, while the number of rows is still open.
//
// At most one axis grows with the rows of a call: the batch axis, dims[batch_axis] * rows long. All
// other lengths are fixed when the graph is read, so that nothing about shapes can fail later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::model {

struct Shape {
  static constexpr size_t kRankMax = 8;

  std::vector<int64_t> dims = {};  // of the batch axis: per row
  std::optional<size_t> batch_axis = {};

  [[nodiscard]] size_t rank() const noexcept { return dims.size(); }
  [[nodiscard]] bool batched() const noexcept { return batch_axis.has_value(); }
  /// Values per row where batched, else all.
  [[nodiscard]] size_t elements() const noexcept;
  /// The same of the axes [first, last).
  [[nodiscard]] size_t elements(size_t first, size_t last) const noexcept;
  /// Of a call with so many rows.
  [[nodiscard]] size_t elements_of(size_t rows) const noexcept {
    return elements() * (batched() ? rows : 1);
  }
  /// The same of the axes [first, last).
  [[nodiscard]] size_t elements_of(size_t rows, size_t first, size_t last) const noexcept {
    const bool within = batched() && *batch_axis >= first && *batch_axis < last;
    return elements(first, last) * (within ? rows : 1);
  }

  /// The row that value number `i` of a batched shape is of, in a call with so many rows.
  [[nodiscard]] size_t row_of(size_t i, size_t rows) const noexcept;

  bool operator==(const Shape&) const = default;
};

/// "[N, 3]", "[350, 5*N]"
[[nodiscard]] std::string text_of(const Shape& shape);

/// The shape of `a` and `b` side by side, one stretched to the other where it is 1; nothing where
/// they do not fit.
[[nodiscard]] std::optional<Shape> broadcast(const Shape& a, const Shape& b);

}  // namespace ringmaker::model
