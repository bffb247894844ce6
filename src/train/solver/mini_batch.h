// Mini-batch descent: SGD with momentum, RMSProp and Adam, over rows in a seeded random order.
//
// Kingma and Ba, "Adam: a method for stochastic optimization", 2015. One thread, one order: the
// result depends on the seed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace ringmaker::train {

enum class UpdateRule : uint8_t { kSgd, kAdam, kRmsprop };

struct MiniBatchOptions {
  UpdateRule rule = UpdateRule::kAdam;
  size_t epochs = 15;
  size_t batch_rows = 1000;
  double learning_rate = 0.01;
  double momentum = 0.9;  // SGD alone
  double beta_1 = 0.9;    // Adam: of the mean slope
  double beta_2 = 0.999;  // Adam and RMSProp: of its square
  uint64_t seed = 0;
  /// Every `scheduler_step` updates the learning rate is multiplied by the factor, down to the
  /// minimum. 0: it stays.
  size_t scheduler_step = 100;
  double scheduler_factor = 0.99;
  double learning_rate_min = 1e-5;
  /// The first `l1_coordinates` are shrunk towards zero, and stay there where they reach it.
  double l1 = 0;
  size_t l1_coordinates = 0;
  /// Coordinates from `bias_from` on move this much faster.
  double bias_rate_mult = 1;
  size_t bias_from = SIZE_MAX;
};

/// Writes the mean slope at `x` over the rows given.
using BatchSlope = std::function<void(std::span<const uint32_t> rows, std::span<const double> x,
                                      std::span<double> slope)>;

/// Descends from x on, over rows 0 to `rows` - 1. `on_epoch(epoch)` sees x after each pass and
/// returns false to stop.
void descend_in_batches(size_t rows, const BatchSlope& slope, std::vector<double>& x,
                        const MiniBatchOptions& options,
                        const std::function<bool(size_t)>& on_epoch);

}  // namespace ringmaker::train
