// LinearObjective: the mean loss of a linear model over standardised rows, and its gradient.
//
//   mean loss + wd/2 |weights|^2 + bias_wd/2 |biases|^2
//
// Parameters: weights of output 0, of output 1, ..., then the biases.
//
// One pass over blocks of rows that stay in the cache: raw scores and losses in double, slopes and
// gradient in float32 within a block, in double between blocks. Rows are cut into chunks whose
// number depends on the rows alone; threads take chunks, and their sums are added in the chunks'
// order: the result does not depend on the number of threads.
#pragma once

#include "data/dense_block.h"
#include "model/linear/linear_kernels.h"
#include "train/objective/exact_scores.h"
#include "train/objective/loss.h"
#include "train/solver/smoothing.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace ringmaker::train {

struct LinearObjectiveOptions {
  size_t outputs = 1;
  double wd = 0;
  double bias_wd = 0;
  /// False: the biases' gradient is zero, so that they stay what they are.
  bool use_bias = true;
  size_t threads = 1;
};

class LinearObjective final : public SmoothedFunction {
 public:
  /// `rows` hold no NaN. `weights`: one a row, or empty. All outlive the objective.
  LinearObjective(const Loss& loss, data::DenseView rows, std::span<const double> labels,
                  std::span<const float> weights, const LinearObjectiveOptions& options);

  [[nodiscard]] size_t parameters() const noexcept { return outputs_ * (rows_.columns + 1); }
  [[nodiscard]] double evaluate(std::span<const double> x, std::span<double> gradient) override;
  void set_width(double width) noexcept override { width_ = width; }
  /// Hands out the raw scores of the last evaluation, `outputs` a row: of the rows from `first` on.
  /// On several threads at a time, in any order, each row once.
  void visit_raw(const std::function<void(size_t first, std::span<const double> raw)>& visit) const;
  /// The mean loss at the last evaluation: without penalties, not smoothed.
  [[nodiscard]] double exact_loss() const;

 private:
  struct Chunk {
    double loss = 0;
    std::vector<double> gradient;
  };
  struct Block {
    size_t first = 0;  // row
    size_t rows = 0;
  };
  struct Scratch;

  void evaluate_chunk(size_t index);
  void evaluate_block(const Block& block, Scratch& scratch, Chunk& chunk);
  /// Calls `take` for each block of a chunk, in the order of the rows.
  template <class Take>
  void for_each_block(size_t chunk, Take take) const;
  [[nodiscard]] model::LinearTask task_of(const Block& block) const noexcept;
  void score(const Block& block, double* raw) const noexcept;
  [[nodiscard]] LossBlock loss_block(const Block& block, const double* raw, Scratch& scratch,
                                     double width) const noexcept;
  double add_penalties(std::span<const double> x, std::span<double> gradient) const noexcept;

  const Loss& loss_;
  data::DenseView rows_;
  std::span<const double> labels_;
  std::span<const float> weights_;
  LinearObjectiveOptions options_;
  size_t outputs_;
  double width_ = 0;
  double weight_sum_;
  const model::LinearKernels& kernels_;
  ExactScores scores_;
  size_t stride_;
  size_t block_rows_;
  size_t chunk_rows_;
  std::vector<float> no_fill_;
  size_t exact_stride_;
  // Of the last evaluation.
  std::vector<double> padded_;  // weights, outputs x exact_stride_
  std::vector<double> bias_;
  std::vector<double> raw_;  // of one output; of several they are scored again when asked for
  std::vector<Chunk> chunks_;
};

}  // namespace ringmaker::train
