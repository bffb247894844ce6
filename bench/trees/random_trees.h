// Random ensembles of a given shape, and rows for them: the same on any machine.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace ringmaker::bench {

struct TreeShape {
  size_t trees = 100;
  size_t features = 30;
  size_t leaves = 64;       // of a tree
  size_t depth_max = 6;     // 0: none, and any leaf may be split
  size_t thresholds = 200;  // of a feature; 0: one for each node
};

inline constexpr TreeShape kHundredOfDepthSix{};
inline constexpr TreeShape kHundredOfDepthSixWide{.features = 100};
inline constexpr TreeShape kFiveHundredOfDepthEight{
    .trees = 500, .leaves = 256, .depth_max = 8, .thresholds = 255};
inline constexpr TreeShape kThousandOfThirtyOneLeaves{
    .trees = 1000, .leaves = 31, .depth_max = 0, .thresholds = 255};
inline constexpr TreeShape kDeepForest{.leaves = 6000, .depth_max = 0, .thresholds = 0};

/// Nodes ask "x < threshold" of values in [0, 1); missing values go either way.
[[nodiscard]] model::TreeEnsemble random_trees(const TreeShape& shape);

/// `rows` x `features` values in [0, 1).
[[nodiscard]] std::vector<float> random_rows(size_t rows, size_t features);

}  // namespace ringmaker::bench
