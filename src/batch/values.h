// Values: what the owner of rows is given for them.
#pragma once

#include "model/predictor.h"

namespace ringmaker::batch {

/// Scores, or the raw values that Predictor::link() turns into scores.
enum class Values : bool { kScores, kRaw };

/// Writes them for `rows`.
inline void predict(const model::Predictor& predictor, Values values, data::DenseView rows,
                    data::DenseSpan out) noexcept {
  if (values == Values::kScores) {
    predictor.predict(rows, out);
  } else {
    predictor.predict_raw(rows, out);
  }
}

}  // namespace ringmaker::batch
