// Scaling: what makes columns alike for a solver, and what stands in for their missing values.
#pragma once

#include "base/result.h"
#include "data/dense_block.h"
#include "data/schema.h"

#include <span>
#include <vector>

namespace ringmaker::train {

/// A column's value becomes (value - offset) / unit.
struct Scaling {
  std::vector<double> fill;  // the mean, in place of what is missing
  std::vector<double> offset;
  std::vector<double> unit;
};

struct ScalingOptions {
  bool centre = true;     // offset: the mean; else 0
  bool normalize = true;  // unit: the standard deviation; else 1
  size_t rows_max = 0;    // measured on the first this many rows; 0: on all
};

[[nodiscard]] Scaling measure_scaling(data::DenseView rows, const ScalingOptions& options);

/// The rows scaled, without NaN. kInvalidInput, naming row and column, for an infinite value.
[[nodiscard]] base::Result<data::DenseBlock> scaled_rows(data::DenseView rows,
                                                         const Scaling& scaling,
                                                         const data::Schema& schema);

/// The same for labels of a regression.
struct LabelScaling {
  double offset = 0;
  double unit = 1;
};

/// kInvalidInput, naming the row, for a label that is not finite or beyond float32.
[[nodiscard]] base::Result<LabelScaling> measure_label_scaling(std::span<const double> labels,
                                                               bool centre, bool normalize);
[[nodiscard]] std::vector<double> scaled_labels(std::span<const double> labels,
                                                const LabelScaling& scaling);

}  // namespace ringmaker::train
