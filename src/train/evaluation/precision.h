// Share of the rows taken for a class that are of it: "precision", "macro_precision".
#pragma once

#include "train/evaluation/class_counts.h"

#include <span>

namespace ringmaker::train {

/// 0 when no row is taken for the class.
[[nodiscard]] double precision(const ClassCounts& counts) noexcept;
/// The plain mean over classes.
[[nodiscard]] double macro_precision(std::span<const ClassCounts> classes) noexcept;

}  // namespace ringmaker::train
