// The first rounds of an ensemble, as an ensemble of its own.
#pragma once

#include "model/tree/tree_ensemble.h"

namespace ringmaker::model {

/// Keeps the trees of the first `rounds` <= ensemble.rounds() rounds; nodes and leaves of the
/// others stay where they are, unreached.
[[nodiscard]] TreeEnsemble first_rounds(TreeEnsemble ensemble, size_t rounds);

}  // namespace ringmaker::model
