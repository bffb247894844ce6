#include "model/predictor.h"

#include "model/link.h"

#include <algorithm>

namespace ringmaker::model {

void Predictor::scores_of(data::DenseView margins, data::DenseSpan scores) const noexcept {
  RM_DCHECK(margins.rows == scores.rows && margins.columns == output().margin_columns());
  RM_DCHECK(!output().margins_apart);
  if (output().class_margins) {
    class_index(margins, scores);
  } else {
    std::copy_n(margins.values, margins.rows * margins.columns, scores.values);
    link(scores);
  }
}

}  // namespace ringmaker::model
