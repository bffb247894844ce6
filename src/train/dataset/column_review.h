// ColumnReview: columns of a data set from which nothing, or less than they hold, can be learnt,
// told before training begins, because a model that ignores a column looks like one that was
// trained well.
#pragma once

#include "train/dataset/dataset.h"

#include <string>
#include <vector>

namespace ringmaker::train {

/// A column whose values lie closer together than this is as good as constant: the weights that
/// would tell them apart come near the end of float32.
inline constexpr double kSpreadMin = 1e-30;

/// At most one sentence a kind, without a full stop: columns without any value, with one value
/// only, with values that are too close together, and with values so far from zero that float32 has
/// rounded away what they differ by, in part or all of it. Names the first few columns of each.
[[nodiscard]] std::vector<std::string> review_columns(const Dataset& dataset);

}  // namespace ringmaker::train
