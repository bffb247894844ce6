// NarrowedTrees: an ensemble that compares doubles, made ready for rows of float32.
//
// Kernels compare float32, which is exact where a row's values went through the narrowing of the
// ensemble's own thresholds (data/narrowing.h): each threshold becomes the float32 that stands for
// it. Leaves keep their doubles.
#pragma once

#include "base/result.h"
#include "data/narrowing.h"
#include "model/tree/tree_ensemble.h"

#include <span>

namespace ringmaker::model {

/// The narrowing that all of these ensembles share, which are of the same features; empty where
/// none of them is of Precision::kFloat64. They have passed validate_trees(). kInvalidInput as
/// data::Narrowing::make().
[[nodiscard]] base::Result<data::Narrowing> narrowing_of(
    std::span<const TreeEnsemble* const> ensembles);

/// The ensemble whose walks go where `ensemble` goes, for rows that `narrowing` made. Unchanged
/// where it is empty.
[[nodiscard]] TreeEnsemble narrowed_trees(TreeEnsemble ensemble, const data::Narrowing& narrowing);

}  // namespace ringmaker::model
