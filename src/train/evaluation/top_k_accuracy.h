// Share of rows whose class is among the k likeliest: "multiclass_top_k_accuracy".
#pragma once

#include "train/evaluation/class_standing.h"

#include <cstddef>
#include <span>

namespace ringmaker::train {

[[nodiscard]] double top_k_accuracy(std::span<const ClassStanding> rows, size_t k);

}  // namespace ringmaker::train
