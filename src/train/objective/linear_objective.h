// LinearObjective: the mean loss of a linear model over standardised rows, and its gradient.
//
//   mean loss + wd/2 |weights|^2 + bias_wd/2 |biases|^2
//
// Parameters: weights of output 0, of output 1, ..., then the biases.
//
// One pass over blocks of rows that stay in the cache: raw scores, losses, slopes, gradient; in
// float32 within a block, in double between blocks. Rows are cut into chunks whose number depends
// on the rows alone; threads take chunks, and their sums are added in the chunks' order: the
// result does not depend on the number of threads.
#pragma once

#include "data/dense_block.h"
#include "model/linear/linear_kernels.h"
#include "train/objective/loss.h"
#include "train/solver/smoothing.h"

#include <cstdint>
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
  /// The raw scores of the last evaluation, one row of `outputs` a row.
  [[nodiscard]] std::span<const double> raw() const noexcept { return raw_; }
  /// The mean loss of raw(): without penalties, not smoothed.
  [[nodiscard]] double exact_loss() const;

 private:
  struct Chunk {
    double loss = 0;
    std::vector<double> gradient;
  };
  struct Scratch;

  void evaluate_chunk(size_t index, std::span<const double> x);
  void evaluate_block(size_t first, size_t rows, Scratch& scratch, Chunk& chunk,
                      std::span<const double> x);
  [[nodiscard]] LossBlock block_of(size_t first, size_t rows, Scratch& scratch,
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
  size_t stride_;
  std::vector<float> padded_;  // weights of x, then `stride_` zeroes: the fill
  std::vector<float> no_bias_;
  std::vector<double> raw_;
  std::vector<Chunk> chunks_;
};

}  // namespace ringmaker::train
