// The loop of operators that stretch their operands to one shape.
#pragma once

#include "model/graph/shape.h"

#include <array>
#include <cstddef>

namespace ringmaker::model {

/// Operands of an output of that shape, which they fit by broadcast().
template <size_t kOperands>
class BroadcastLoop {
 public:
  static constexpr size_t kRankMax = Shape::kRankMax;

  BroadcastLoop(Shape out, std::array<Shape, kOperands> operands)
      : out_(std::move(out)), operands_(std::move(operands)) {}

  /// `each(first, count, offsets, steps)` for runs of `count` neighbours of the output from `first`
  /// on; operand i has its values at offsets[i], offsets[i] + steps[i], ..., steps being 0 or 1.
  template <class Each>
  void run(size_t rows, Each&& each) const {
    std::array<size_t, kRankMax> lengths{};
    std::array<std::array<size_t, kRankMax>, kOperands> strides{};
    const size_t axes = collapse(rows, lengths, strides);
    const size_t count = axes == 0 ? 1 : lengths[0];
    std::array<size_t, kOperands> offsets{};
    std::array<size_t, kOperands> steps{};
    for (size_t i = 0; i < kOperands; ++i) {
      steps[i] = axes == 0 ? 0 : strides[i][0];
    }
    std::array<size_t, kRankMax> index{};
    for (size_t first = 0, total = out_.elements_of(rows); first < total; first += count) {
      each(first, count, offsets, steps);
      // The next run: count up like an odometer, the second innermost axis first.
      for (size_t axis = 1; axis < axes; ++axis) {
        for (size_t i = 0; i < kOperands; ++i) {
          offsets[i] += strides[i][axis];
        }
        if (++index[axis] < lengths[axis]) {
          break;
        }
        for (size_t i = 0; i < kOperands; ++i) {
          offsets[i] -= strides[i][axis] * lengths[axis];
        }
        index[axis] = 0;
      }
    }
  }

 private:
  /// Lengths and strides from the innermost axis on, neighbours that can be walked as one joined;
  /// returns how many are left.
  size_t collapse(size_t rows, std::array<size_t, kRankMax>& lengths,
                  std::array<std::array<size_t, kRankMax>, kOperands>& strides) const {
    std::array<size_t, kOperands> size;  // of an operand so far
    size.fill(1);
    size_t axes = 0;
    for (size_t back = 0; back < out_.rank(); ++back) {
      const size_t length = length_at(out_, back, rows);
      std::array<size_t, kOperands> stride{};
      for (size_t i = 0; i < kOperands; ++i) {
        const size_t own = length_at(operands_[i], back, rows);
        stride[i] = own == 1 && length != 1 ? 0 : size[i];
        size[i] *= own;
      }
      if (length == 1) {
        continue;
      }
      bool joins = axes > 0;
      for (size_t i = 0; i < kOperands && joins; ++i) {
        joins = stride[i] == strides[i][axes - 1] * lengths[axes - 1];
      }
      if (joins) {
        lengths[axes - 1] *= length;
        continue;
      }
      lengths[axes] = length;
      for (size_t i = 0; i < kOperands; ++i) {
        strides[i][axes] = stride[i];
      }
      ++axes;
    }
    return axes;
  }

  /// Length of the axis that is `back` ones before the last.
  static size_t length_at(const Shape& shape, size_t back, size_t rows) {
    if (back >= shape.rank()) {
      return 1;
    }
    const size_t axis = shape.rank() - 1 - back;
    return static_cast<size_t>(shape.dims[axis]) * (shape.batch_axis == axis ? rows : 1);
  }

  Shape out_;
  std::array<Shape, kOperands> operands_;
};

}  // namespace ringmaker::model
