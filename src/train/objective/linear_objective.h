// LinearObjective: the mean loss of a linear model over standardised rows, and its gradient.
//
//   squared_loss   1/2 (raw - y)^2        (its mean doubles as half the mean squared error)
//   logistic       log(1 + exp(-raw)) for y = 1, log(1 + exp(raw)) for y = 0
//   softmax_loss   -log softmax(raw)[y]
//   + wd/2 |weights|^2; biases bear no penalty
//
// Parameters: weights of output 0, of output 1, ..., then the biases.
#pragma once

#include "data/dense_block.h"
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
                  std::span<const float> weights, size_t outputs, double wd);

  [[nodiscard]] size_t parameters() const noexcept { return outputs_ * (rows_.columns + 1); }
  [[nodiscard]] double evaluate(std::span<const double> x, std::span<double> gradient) override;
  /// The raw scores of the last evaluation, one row of `outputs` a row.
  [[nodiscard]] std::span<const double> raw() const noexcept { return raw_; }

 private:
  void compute_raw(std::span<const double> x);
  double compute_loss();
  void add_gradient(std::span<double> gradient) const;

  Loss loss_;
  data::DenseView rows_;
  std::span<const double> labels_;
  std::span<const float> weights_;
  size_t outputs_;
  double wd_;
  double weight_sum_;
  std::vector<double> raw_;
  std::vector<double> slope_;  // of the loss by raw, times the row's share
};

}  // namespace ringmaker::train
