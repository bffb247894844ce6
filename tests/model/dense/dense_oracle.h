// What dense kernels and models should answer: Eigen's products and distances of doubles, which
// share no line with ours.
#pragma once

#include "model/model.h"

#include <Eigen/Core>
#include <cstddef>
#include <span>

namespace ringmaker::model {

/// Rows behind each other, as ours lie.
using Doubles = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Doubles doubles_of(std::span<const float> values, size_t columns) {
  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto width = static_cast<Eigen::Index>(columns);
  const auto rows = static_cast<Eigen::Index>(values.size()) / width;
  return Eigen::Map<const Floats>(values.data(), rows, width).cast<double>();
}

inline Eigen::RowVectorXd row_of(std::span<const float> values) {
  const auto count = static_cast<Eigen::Index>(values.size());
  return Eigen::Map<const Eigen::RowVectorXf>(values.data(), count).cast<double>();
}

/// (x - center) * factor, 0 where x is missing.
inline Doubles scaled_rows(const FeatureScaling& scaling, std::span<const float> rows) {
  const Doubles distances =
      doubles_of(rows, scaling.center.size()).rowwise() - row_of(scaling.center);
  const Doubles scaled = distances.array().rowwise() * row_of(scaling.factor).array();
  return scaled.array().isNaN().select(0, scaled);
}

/// |a_i - b_k|^2 of all pairs of rows.
inline Doubles square_distances(const Doubles& a, const Doubles& b) {
  Doubles squares(a.rows(), b.rows());
  for (Eigen::Index k = 0; k < b.rows(); ++k) {
    squares.col(k) = (a.rowwise() - b.row(k)).rowwise().squaredNorm();
  }
  return squares;
}

}  // namespace ringmaker::model
