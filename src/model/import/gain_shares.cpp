#include "model/import/gain_shares.h"

#include <cmath>
#include <numeric>

namespace ringmaker::model {

std::vector<double> gain_shares(std::vector<double> gains, size_t features) {
  gains.resize(features);
  const double sum = std::accumulate(gains.begin(), gains.end(), 0.0);
  if (!std::isfinite(sum) || sum <= 0) {
    return {};
  }
  for (double& gain : gains) {
    gain /= sum;
  }
  return gains;
}

}  // namespace ringmaker::model
