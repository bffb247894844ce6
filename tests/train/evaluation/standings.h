// standings_of: scores written out, as what scores of several classes are made of.
#pragma once

#include "train/evaluation/class_standing.h"

#include <vector>

namespace ringmaker::train {

/// One a row of `classes` scores each.
[[nodiscard]] inline std::vector<ClassStanding> standings_of(const std::vector<double>& scores,
                                                             const std::vector<size_t>& labels,
                                                             size_t classes) {
  std::vector<ClassStanding> standings;
  for (size_t i = 0; i < labels.size(); ++i) {
    standings.push_back(standing_of(std::span(scores).subspan(i * classes, classes), labels[i]));
  }
  return standings;
}

}  // namespace ringmaker::train
