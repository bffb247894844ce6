// Mean surprise of several classes: "mlogloss".
#pragma once

#include "train/evaluation/class_standing.h"

#include <span>

namespace ringmaker::train {

[[nodiscard]] double multiclass_log_loss(std::span<const ClassStanding> rows);

}  // namespace ringmaker::train
