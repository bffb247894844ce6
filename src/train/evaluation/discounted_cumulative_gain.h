// Mean of 1 / log2(2 + r), r the rank of a row's class from 0 on: "dcg", 1 when all are right.
#pragma once

#include "train/evaluation/class_standing.h"

#include <span>

namespace ringmaker::train {

[[nodiscard]] double discounted_cumulative_gain(std::span<const ClassStanding> rows);

}  // namespace ringmaker::train
