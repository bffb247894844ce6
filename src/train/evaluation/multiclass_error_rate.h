// Share of rows given another class: "merror"; 1 minus it: "multiclass_accuracy".
#pragma once

#include "train/evaluation/class_standing.h"

#include <span>

namespace ringmaker::train {

[[nodiscard]] double multiclass_error_rate(std::span<const ClassStanding> rows);

}  // namespace ringmaker::train
