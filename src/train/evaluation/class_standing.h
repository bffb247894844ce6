// ClassStanding: what the scores of a row say of its own class. All that a score of several classes
// is made of, so that nobody needs rows times classes numbers at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ringmaker::train {

struct ClassStanding {
  double probability = 0;  // of the own class
  uint32_t own = 0;        // the row's label
  uint32_t taken = 0;      // the class of the greatest score; of equal ones the first
  uint32_t rank = 0;       // how many classes come before the own, equal scores in class order
};

/// `scores`: one a class. `own` is a class.
[[nodiscard]] inline ClassStanding standing_of(std::span<const double> scores,
                                               size_t own) noexcept {
  const auto winner = std::max_element(scores.begin(), scores.end()) - scores.begin();
  uint32_t before = 0;
  for (size_t k = 0; k < scores.size(); ++k) {
    before += scores[k] > scores[own] || (scores[k] == scores[own] && k < own) ? 1 : 0;
  }
  return {.probability = scores[own],
          .own = static_cast<uint32_t>(own),
          .taken = static_cast<uint32_t>(winner),
          .rank = before};
}

}  // namespace ringmaker::train
