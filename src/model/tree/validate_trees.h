// Whether an ensemble can be walked: what every scorer takes for granted of one.
#pragma once

#include "base/result.h"
#include "model/tree/trees_view.h"

namespace ringmaker::model {

/// What an ensemble may have at most.
inline constexpr size_t kTreeFeaturesMax = size_t{1} << 20;
inline constexpr size_t kTreeOutputsMax = 4096;

/// kInvalidInput with tree and node, unless: every slice lies within its array; every child is a
/// node or leaf of its tree; no node is reached twice from a root, so that no walk goes round;
/// features are < ensemble.features, thresholds are not NaN and categories lie within the words,
/// of nodes that nothing reaches, too; linear leaves have their terms; leaf and base values are not
/// NaN; rounds cut the trees in order.
[[nodiscard]] base::Result<void> validate_trees(const TreesView& ensemble);

}  // namespace ringmaker::model
