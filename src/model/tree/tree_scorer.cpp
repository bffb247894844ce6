#include "model/tree/tree_scorer.h"

#include "base/check.h"
#include "model/tree/split_columns.h"
#include "model/tree/tree_masks.h"
#include "model/tree/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ringmaker::model {

struct TreeScorer::Layouts {
  TreeWalk walk;
  ThresholdRanks ranks;
  std::optional<TreeMasks> masks;

  Layouts(TreeWalk compiled_walk, ThresholdRanks compiled_ranks)
      : walk(std::move(compiled_walk)), ranks(std::move(compiled_ranks)) {}
};

TreeScorer::TreeScorer(const TreeEnsemble& ensemble, base::InstructionSet set) {
  const SplitColumns splits = split_columns(ensemble);
  auto layouts = std::make_unique<Layouts>(TreeWalk(ensemble, splits),
                                           ThresholdRanks(splits, ensemble.features));
  if (TreeMasks::fits(ensemble, layouts->ranks)) {
    layouts->masks.emplace(ensemble, splits, layouts->ranks, tree_kernels(set));
  }
  layouts_ = std::move(layouts);
}

TreeScorer::~TreeScorer() = default;

void TreeScorer::score(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(raw.rows == rows.rows);
  const auto& masks = layouts_->masks;
  if (!masks || rows.rows < masks->rows_min()) {
    layouts_->walk.add(rows, raw);
    return;
  }
  for (size_t first = 0; first < rows.rows; first += kLanes) {
    const size_t count = std::min(kLanes, rows.rows - first);
    if (count < masks->rows_min()) {
      layouts_->walk.add(rows.slice(first, count), raw.slice(first, count));
    } else {
      masks->add(rows.slice(first, count), raw.slice(first, count));
    }
  }
}

std::string TreeScorer::plan() const {
  if (!layouts_->masks) {
    return "1+ rows: walk";
  }
  const size_t rows_min = layouts_->masks->rows_min();
  return fmt::format("1-{} rows: walk, {}+ rows: masks", rows_min - 1, rows_min);
}

}  // namespace ringmaker::model
