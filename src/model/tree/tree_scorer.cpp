#include "model/tree/tree_scorer.h"

#include "base/check.h"
#include "model/tree/split_columns.h"
#include "model/tree/tree_walk.h"

namespace ringmaker::model {

struct TreeScorer::Layouts {
  TreeWalk walk;
};

TreeScorer::TreeScorer(const TreeEnsemble& ensemble, base::InstructionSet set) {
  static_cast<void>(set);
  const SplitColumns splits = split_columns(ensemble);
  layouts_ = std::make_unique<const Layouts>(Layouts{TreeWalk(ensemble, splits)});
}

TreeScorer::~TreeScorer() = default;

void TreeScorer::score(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(raw.rows == rows.rows);
  layouts_->walk.add(rows, raw);
}

std::string TreeScorer::plan() const { return "1+ rows: walk"; }

}  // namespace ringmaker::model
