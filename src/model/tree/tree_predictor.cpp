#include "model/tree/tree_predictor.h"

#include "model/link.h"
#include "model/tree/first_rounds.h"
#include "model/tree/narrowed_trees.h"
#include "model/tree/validate_trees.h"

#include <algorithm>
#include <array>

namespace ringmaker::model {

double link_scale(const TreeParameters& trees) noexcept {
  return trees.slope / (trees.average ? static_cast<double>(std::max<size_t>(trees.rounds, 1)) : 1);
}

TreePredictor::TreePredictor(const Model& model, const TreeParameters& trees, TreeEnsemble ensemble,
                             const data::Narrowing& narrowing, base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      kernels_(linear_kernels(set)),
      link_(trees.link),
      scale_(link_scale(trees)),
      base_(ensemble.base_values.begin(), ensemble.base_values.end()),
      base_values_(ensemble.base_values) {
  schema_.narrowing = narrowing;
  compile(narrowed_trees(first_rounds(std::move(ensemble), trees.rounds), narrowing));
  output_.explanation = explanation();
  output_.class_margins = link_ == Link::kClassIndex;
  output_.certain = link_ == Link::kStep && output_.task == data::Task::kBinary;
}

void TreePredictor::compile(TreeEnsemble ensemble) {
  if (ensemble.linear_leaves.empty()) {
    scorer_.emplace(std::move(ensemble), set_);
  } else {
    walk_.emplace(std::move(ensemble));
  }
}

data::Explanation TreePredictor::explanation() const {
  data::Explanation told;
  told.leaves = scorer_ ? scorer_->walk().trees().size() : walk_->ensemble().trees.size();
  const size_t features = schema_.feature_count();
  if (!scorer_) {
    told.no_contributions =
        "the leaves of this model are linear functions, for which LightGBM has no contributions";
  } else if (const auto checked = TreeContributions::check(scorer_->walk(), features); !checked) {
    told.no_contributions = checked.error().message();
  } else {
    told.explain(base_.size(), features);
  }
  return told;
}

void TreePredictor::margins(data::DenseView rows, data::DenseSpan margins) const noexcept {
  RM_DCHECK(margins.columns == base_.size());
  for (size_t i = 0; i < rows.rows; ++i) {
    std::ranges::copy(base_, margins.row(i));
  }
  scorer_ ? scorer_->score(rows, margins) : walk_->score(rows, margins);
}

void TreePredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (link_ != Link::kClassIndex) {
    margins(rows, raw);
    return;
  }
  std::array<float, kTreeOutputsMax> scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const size_t rows_max = scratch.size() / base_.size();
  for (size_t first = 0; first < rows.rows; first += rows_max) {
    const size_t count = std::min(rows_max, rows.rows - first);
    const data::DenseSpan sums{scratch.data(), count, base_.size()};
    margins(rows.slice(first, count), sums);
    class_index(sums, raw.slice(first, count));
  }
}

void TreePredictor::contributions(data::DenseView rows, double* values) const noexcept {
  std::call_once(asked_, [this] {
    contributions_.emplace(scorer_->walk(), schema_.feature_count(), base_values_, set_);
  });
  contributions_->explain(rows, values);
}

void TreePredictor::leaves(data::DenseView rows, uint32_t* names) const noexcept {
  if (scorer_) {
    scorer_->walk().leaves(rows, names);
    return;
  }
  for (size_t i = 0; i < rows.rows; ++i) {
    walk_->leaves(rows.row(i), names + i * walk_->ensemble().trees.size());
  }
}

void TreePredictor::link(data::DenseSpan values) const noexcept {
  if (scale_ != 1) {
    std::transform(
        values.values, values.values + values.rows * values.columns, values.values,
        [&](float raw) { return static_cast<float>(static_cast<double>(raw) * scale_); });
  }
  if (link_ != Link::kClassIndex) {
    apply_link(link_, kernels_, values);
  }
}

}  // namespace ringmaker::model
