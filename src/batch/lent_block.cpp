#include "batch/lent_block.h"

#include "base/check.h"

#include <algorithm>
#include <utility>

namespace ringmaker::batch {

void LentBlock::score_some() noexcept {
  RM_CHECK(!done());
  const size_t begun = scores->rows();
  const size_t count = std::min(rows_per_slice, rows->rows() - begun);
  scores->resize(begun + count);
  predict(*predictor, values, rows->view().slice(begun, count), scores->span().slice(begun, count));
}

void LentBlock::release() {
  row_blocks->give_back(std::move(rows));
  score_blocks->give_back(std::move(scores));
}

}  // namespace ringmaker::batch
