#include "train/solver/mini_batch.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringmaker::train {
namespace {

class Descent {
 public:
  Descent(std::vector<double>& x, const MiniBatchOptions& options)
      : options_(options),
        x_(x),
        rate_(options.learning_rate),
        mean_(x.size()),
        square_(x.size()) {}

  void update(std::span<const double> slope) {
    ++updates_;
    for (size_t i = 0; i < x_.size(); ++i) {
      const double mult = i < options_.bias_from ? 1.0 : options_.bias_rate_mult;
      x_[i] -= rate_ * mult * step_of(i, slope[i]);
    }
    for (size_t i = 0; i < std::min(x_.size(), options_.l1_coordinates); ++i) {
      const double kept = std::max(0.0, std::abs(x_[i]) - rate_ * reach_of(i) * options_.l1);
      x_[i] = std::copysign(kept, x_[i]);
    }
    if (options_.scheduler_step > 0 && updates_ % options_.scheduler_step == 0) {
      const double least = std::min(options_.learning_rate_min, options_.learning_rate);
      rate_ = std::max(least, rate_ * options_.scheduler_factor);
    }
  }

 private:
  double step_of(size_t i, double slope) {
    switch (options_.rule) {
      case UpdateRule::kSgd:
        mean_[i] = options_.momentum * mean_[i] + slope;
        return mean_[i];
      case UpdateRule::kRmsprop:
        square_[i] = options_.beta_2 * square_[i] + (1 - options_.beta_2) * slope * slope;
        return slope / (std::sqrt(square_[i] / grown(options_.beta_2)) + kSmall);
      case UpdateRule::kAdam:
        mean_[i] = options_.beta_1 * mean_[i] + (1 - options_.beta_1) * slope;
        square_[i] = options_.beta_2 * square_[i] + (1 - options_.beta_2) * slope * slope;
        return mean_[i] / grown(options_.beta_1) /
               (std::sqrt(square_[i] / grown(options_.beta_2)) + kSmall);
    }
    return 0;
  }

  /// How far a steady slope of 1 moves x_[i] per unit of the rate: the penalty pulls as far.
  [[nodiscard]] double reach_of(size_t i) const noexcept {
    return options_.rule == UpdateRule::kSgd
               ? 1 / (1 - options_.momentum)
               : 1 / (std::sqrt(square_[i] / grown(options_.beta_2)) + kSmall);
  }

  /// How much of a moving average's weight has been filled since its start at zero.
  [[nodiscard]] double grown(double beta) const noexcept {
    return 1 - std::pow(beta, static_cast<double>(updates_));
  }

  static constexpr double kSmall = 1e-8;

  const MiniBatchOptions& options_;
  std::vector<double>& x_;
  double rate_;
  std::vector<double> mean_;
  std::vector<double> square_;
  uint64_t updates_ = 0;
};

void shuffle(std::vector<uint32_t>& order, base::Random& random) {
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
}

}  // namespace

void descend_in_batches(size_t rows, const BatchSlope& slope, std::vector<double>& x,
                        const MiniBatchOptions& options,
                        const std::function<bool(size_t)>& on_epoch) {
  std::vector<uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  base::Random random(options.seed);
  Descent descent(x, options);
  std::vector<double> slopes(x.size());
  const size_t batch_rows = std::max<size_t>(1, options.batch_rows);
  for (size_t epoch = 0; epoch < options.epochs; ++epoch) {
    shuffle(order, random);
    for (size_t first = 0; first < rows; first += batch_rows) {
      const auto batch =
          std::span<const uint32_t>(order).subspan(first, std::min(batch_rows, rows - first));
      slope(batch, x, slopes);
      descent.update(slopes);
    }
    if (!on_epoch(epoch)) {
      return;
    }
  }
}

}  // namespace ringmaker::train
