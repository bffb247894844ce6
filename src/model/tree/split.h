// One node's question asked about one value: the definition that every layout must agree with.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <limits>
#include <span>

namespace ringmaker::model {

/// Values not farther than this from 0 are missing under Missing::kNanOrZero.
inline constexpr double kZeroReach = 1.0000000180025095e-35;

/// Whether the value is missing to this node, so that it takes the missing side uncompared.
[[nodiscard]] bool is_missing(Missing missing, double x) noexcept;

/// `category_words` are those of the node's ensemble.
[[nodiscard]] bool goes_left(const TreeNode& node, std::span<const uint32_t> category_words,
                             double x) noexcept;

/// Whether x <= threshold holds for all x but NaN: there is nothing to cut.
[[nodiscard]] inline bool never_right(const TreeNode& node) noexcept {
  return node.decision == Decision::kLessEqual &&
         node.threshold == std::numeric_limits<double>::infinity();
}

[[nodiscard]] inline bool is_missing(Missing missing, float x) noexcept {
  return is_missing(missing, static_cast<double>(x));
}
[[nodiscard]] inline bool goes_left(const TreeNode& node, std::span<const uint32_t> category_words,
                                    float x) noexcept {
  return goes_left(node, category_words, static_cast<double>(x));
}

}  // namespace ringmaker::model
