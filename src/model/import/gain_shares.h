// gain_shares: how much of a model each feature has given: of what training gained, of its splits,
// of its weights.
#pragma once

#include <cstddef>
#include <vector>

namespace ringmaker::model {

/// Shares of all gains, one a feature, that add up to 1; empty where nothing was gained. `gains`:
/// of the first features; the others have gained nothing.
[[nodiscard]] std::vector<double> gain_shares(std::vector<double> gains, size_t features);

}  // namespace ringmaker::model
