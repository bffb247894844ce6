// LinearObjective: the mean loss of a linear model over standardised rows, and its gradient.
//
//   squared_loss   1/2 (raw - y)^2        (its mean doubles as half the mean squared error)
//   logistic       log(1 + exp(-raw)) for y = 1, log(1 + exp(raw)) for y = 0
//   softmax_loss   -log softmax(raw)[y]
//   + wd/2 |weights|^2; biases bear no penalty
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
#include "train/solver/lbfgs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::train {

enum class Loss : uint8_t { kSquared, kLogistic, kSoftmax };

class LinearObjective final : public SmoothFunction {
 public:
  /// `rows` hold no NaN. `weights`: one a row, or empty.
  LinearObjective(Loss loss, data::DenseView rows, std::span<const double> labels,
                  std::span<const float> weights, size_t outputs, double wd, size_t threads = 1);

  [[nodiscard]] size_t parameters() const noexcept { return outputs_ * (rows_.columns + 1); }
  [[nodiscard]] double evaluate(std::span<const double> x, std::span<double> gradient) override;
  /// The raw scores of the last evaluation, one row of `outputs` a row.
  [[nodiscard]] std::span<const double> raw() const noexcept { return raw_; }

 private:
  struct Chunk {
    double loss = 0;
    std::vector<double> gradient;
  };
  struct Scratch;

  void evaluate_chunk(size_t index, std::span<const double> x);
  void evaluate_block(size_t first, size_t rows, Scratch& scratch, Chunk& chunk,
                      std::span<const double> x);
  double losses_of(size_t first, size_t rows, Scratch& scratch);
  double squared_losses(size_t first, size_t rows, Scratch& scratch);
  double logistic_losses(size_t first, size_t rows, Scratch& scratch);
  double softmax_losses(size_t first, size_t rows, Scratch& scratch);
  [[nodiscard]] double share(size_t row) const noexcept {
    return (weights_.empty() ? 1.0 : static_cast<double>(weights_[row])) / weight_sum_;
  }

  Loss loss_;
  data::DenseView rows_;
  std::span<const double> labels_;
  std::span<const float> weights_;
  size_t outputs_;
  double wd_;
  double weight_sum_;
  const model::LinearKernels& kernels_;
  size_t stride_;
  size_t threads_;
  std::vector<float> padded_;  // weights of x, then `stride_` zeroes: the fill
  std::vector<float> no_bias_;
  std::vector<double> raw_;
  std::vector<Chunk> chunks_;
};

}  // namespace ringmaker::train
