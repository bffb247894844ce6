// ClassCounts: what precision, recall and F-beta are made of.
#pragma once

#include "train/evaluation/class_standing.h"

#include <cstddef>
#include <span>
#include <vector>

namespace ringmaker::train {

/// Of one class: rows of it found, rows of others taken for it, rows of it missed.
struct ClassCounts {
  double found = 0;
  double mistaken = 0;
  double missed = 0;
};

/// Of class 1, which is predicted above the threshold; labels are 0 or 1.
[[nodiscard]] ClassCounts count_class(std::span<const double> predicted,
                                      std::span<const double> labels, double threshold);

/// One a class.
[[nodiscard]] std::vector<ClassCounts> count_classes(std::span<const ClassStanding> rows,
                                                     size_t classes);

}  // namespace ringmaker::train
