// TreePredictor: trees compiled for inference.
#pragma once

#include "base/cpu.h"
#include "model/linear/linear_kernels.h"
#include "model/model.h"
#include "model/predictor.h"
#include "model/tree/reference_walk.h"
#include "model/tree/tree_contributions.h"
#include "model/tree/tree_scorer.h"

#include <mutex>
#include <optional>
#include <vector>

namespace ringmaker::model {

class TreePredictor final : public Predictor {
 public:
  /// `trees` are the parameters of `model`, which has passed validate(), and `ensemble` is theirs.
  /// Scores with the first trees.rounds rounds. Rows come from schema().narrowing, which is
  /// `narrowing`.
  TreePredictor(const Model& model, const TreeParameters& trees, TreeEnsemble ensemble,
                const data::Narrowing& narrowing, base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "trees"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  /// Where the score is the index of a class, so is the raw value: one column cannot hold more.
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan values) const noexcept override;

  /// Which kernels score how many rows.
  [[nodiscard]] std::string plan() const override {
    return scorer_ ? scorer_->plan() : "1+ rows: plain walk, for linear leaves";
  }
  [[nodiscard]] size_t rows_at_once() const noexcept override {
    return scorer_ ? scorer_->rows_at_once() : 1;
  }
  void margins(data::DenseView rows, data::DenseSpan margins) const noexcept override;
  void contributions(data::DenseView rows, double* values) const noexcept override;
  void leaves(data::DenseView rows, uint32_t* names) const noexcept override;

 private:
  void compile(TreeEnsemble ensemble);
  /// What explanation there is of these trees.
  [[nodiscard]] data::Explanation explanation() const;

  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  const LinearKernels& kernels_;
  Link link_;
  double scale_;
  std::vector<float> base_;
  // One of the two.
  std::optional<TreeScorer> scorer_;
  std::optional<ReferenceWalk> walk_;
  // Made for the first who asks: nobody else pays for it.
  std::vector<double> base_values_;
  mutable std::once_flag asked_;
  mutable std::optional<TreeContributions> contributions_;
};

/// What raw values are multiplied by before the link: the slope, and the mean where it is asked
/// for.
[[nodiscard]] double link_scale(const TreeParameters& trees) noexcept;

}  // namespace ringmaker::model
