#include "model/tree/tree_scorer.h"

#include "base/check.h"
#include "model/tree/split_columns.h"
#include "model/tree/tree_masks.h"
#include "model/tree/tree_permute.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace ringmaker::model {

/// From here on a slice is scored by masks of 64 rows, though permutes, 16 rows at a time, are
/// there.
constexpr size_t kMasksOverPermutes = 49;

struct TreeScorer::Layouts {
  TreeWalk walk;
  std::optional<ThresholdRanks> ranks;
  std::optional<TreeMasks> masks;
  std::optional<TreePermute> permute;

  /// Lets go of what is of no more use as it goes: `ensemble` is large.
  Layouts(TreeEnsemble ensemble, const SplitColumns& splits, base::InstructionSet set)
      : walk(ensemble, splits) {
    ensemble.leaf_ids = {};
    ensemble.node_covers = {};
    ensemble.leaf_covers = {};
    if (TreeMasks::fits(ensemble)) {
      place_by_rank(ensemble, splits, set);
    }
  }

  void place_by_rank(const TreesView& ensemble, const SplitColumns& splits,
                     base::InstructionSet set) {
    ranks.emplace(ensemble, splits);
    if (TreeMasks::fits(*ranks)) {
      masks.emplace(ensemble, splits, *ranks, tree_kernels(set));
    }
    const PermuteKernels* permutes = permute_kernels(set);
    if (permutes != nullptr && TreePermute::fits(ensemble, *ranks)) {
      permute.emplace(ensemble, splits, *ranks, *permutes, tree_kernels(set));
    }
    if (!masks && !permute) {
      ranks.reset();
    }
  }

  /// From how many rows of a slice on masks are the fastest.
  [[nodiscard]] size_t masks_from() const noexcept {
    if (masks && permute) {
      return kMasksOverPermutes;
    }
    return masks ? masks->rows_min() : kLanes + 1;
  }

  /// 1 to kLanes rows.
  void score_slice(data::DenseView rows, data::DenseSpan raw) const noexcept {
    if (rows.rows >= masks_from()) {
      masks->add(rows, raw);
    } else if (permute) {
      permute->add(rows, raw);
    } else {
      walk.add(rows, raw);
    }
  }
};

TreeScorer::TreeScorer(TreeEnsemble ensemble, base::InstructionSet set) {
  const SplitColumns splits(ensemble);
  layouts_ = std::make_unique<const Layouts>(std::move(ensemble), splits, set);
}

TreeScorer::~TreeScorer() = default;

void TreeScorer::score(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(raw.rows == rows.rows);
  if (!layouts_->masks && !layouts_->permute) {
    layouts_->walk.add(rows, raw);
    return;
  }
  for (size_t first = 0; first < rows.rows; first += kLanes) {
    const size_t count = std::min(kLanes, rows.rows - first);
    layouts_->score_slice(rows.slice(first, count), raw.slice(first, count));
  }
}

/// Masks look at all nodes whatever the number of rows; walks go side by side.
size_t TreeScorer::rows_at_once() const noexcept {
  constexpr size_t kWalks = 16;
  return layouts_->masks ? kLanes : kWalks;
}

const TreeWalk& TreeScorer::walk() const noexcept { return layouts_->walk; }

std::string TreeScorer::plan() const {
  const std::string_view few = layouts_->permute ? "permute" : "walk";
  const size_t masks_from = layouts_->masks_from();
  return layouts_->masks
             ? fmt::format("1-{} rows: {}, {}+ rows: masks", masks_from - 1, few, masks_from)
             : fmt::format("1+ rows: {}", few);
}

}  // namespace ringmaker::model
