// Where a row's own class stands among its scores, and which class a row is given.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace ringmaker::train {

/// The class of the greatest score; of equal ones the first, as a model answers.
[[nodiscard]] inline size_t winner_of(std::span<const double> scores) noexcept {
  return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

/// 0 for the winner: how many classes come before `label`, equal scores in the order of classes.
[[nodiscard]] inline size_t rank_of(std::span<const double> scores, size_t label) noexcept {
  size_t before = 0;
  for (size_t k = 0; k < scores.size(); ++k) {
    before += scores[k] > scores[label] || (scores[k] == scores[label] && k < label) ? 1 : 0;
  }
  return before;
}

}  // namespace ringmaker::train
