// Precision and recall in one number, recall counting beta times as much: "binary_f_beta",
// "macro_f_beta".
#pragma once

#include "train/evaluation/class_counts.h"

#include <span>

namespace ringmaker::train {

/// 0 when no row is of the class and none is taken for it.
[[nodiscard]] double f_beta(const ClassCounts& counts, double beta) noexcept;
/// The plain mean over classes.
[[nodiscard]] double macro_f_beta(std::span<const ClassCounts> classes, double beta) noexcept;

}  // namespace ringmaker::train
