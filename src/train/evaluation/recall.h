// Share of the rows of a class that are found: "recall", "macro_recall".
#pragma once

#include "train/evaluation/class_counts.h"

#include <span>

namespace ringmaker::train {

/// 0 when no row is of the class.
[[nodiscard]] double recall(const ClassCounts& counts) noexcept;
/// The plain mean over classes.
[[nodiscard]] double macro_recall(std::span<const ClassCounts> classes) noexcept;

}  // namespace ringmaker::train
