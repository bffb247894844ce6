// What the tests of losses share: slopes against differences, and the minimum over a constant.
#pragma once

#include "base/random.h"
#include "train/objective/linear_objective.h"
#include "train/objective/loss.h"
#include "train/solver/smoothing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

namespace ringmaker::train {

/// The loss of one row, and its slopes.
inline double loss_of_row(const Loss& loss, const std::vector<double>& raw, double label,
                          double width, std::vector<float>& slopes) {
  std::vector<float> scratch(raw.size());
  slopes.resize(raw.size());
  const LossBlock block{.rows = 1,
                        .outputs = raw.size(),
                        .raw = raw.data(),
                        .labels = &label,
                        .width = width,
                        .slopes = slopes.data(),
                        .scratch = scratch.data(),
                        .kernels = &model::linear_kernels(base::InstructionSet::kPortable)};
  return loss.evaluate(block);
}

inline double loss_at(const Loss& loss, double raw, double label, double width = 0) {
  std::vector<float> slopes;
  return loss_of_row(loss, {raw}, label, width, slopes);
}

/// At 200 random places, but for the few that lie on a kink: slopes are the differences of the
/// values.
inline void expect_slopes_are_differences(const Loss& loss, size_t outputs, size_t classes,
                                          double width) {
  base::Random random(7);
  int kinks = 0;
  for (int place = 0; place < 200; ++place) {
    std::vector<double> raw(outputs);
    for (double& value : raw) {
      value = random.uniform() * 6 - 3;
    }
    const double label =
        classes > 0 ? static_cast<double>(random.below(classes)) : random.uniform() * 4 - 2;
    std::vector<float> slopes;
    std::vector<float> unused;
    const double here = loss_of_row(loss, raw, label, width, slopes);
    for (size_t k = 0; k < outputs; ++k) {
      constexpr double kStep = 1e-4;
      std::vector<double> shifted = raw;
      shifted[k] = raw[k] + kStep;
      const double above = loss_of_row(loss, shifted, label, width, unused);
      shifted[k] = raw[k] - kStep;
      const double below = loss_of_row(loss, shifted, label, width, unused);
      if (std::abs(above - 2 * here + below) > 0.05 * kStep) {
        ++kinks;
        continue;
      }
      EXPECT_NEAR(slopes[k], (above - below) / (2 * kStep), 1e-2)
          << loss.name() << " at " << raw[k] << " label " << label << " width " << width;
    }
  }
  EXPECT_LE(kinks, 2);
}

/// A smoothed loss lies below the loss, by at most width/2 x slope_max^2.
inline void expect_smoothing_stays_near(const Loss& loss, double slope_max, bool classes) {
  for (double raw = -3; raw <= 3; raw += 0.01) {
    for (const double label : {0.0, 1.0, classes ? 1.0 : -2.5}) {
      for (const double width : {1.0, 0.1, 0.001}) {
        const double less = loss_at(loss, raw, label) - loss_at(loss, raw, label, width);
        EXPECT_GE(less, -1e-12) << raw << " " << label;
        EXPECT_LE(less, width / 2 * slope_max * slope_max + 1e-12) << raw << " " << label;
      }
    }
  }
}

/// The raw scores that fit all labels best when nothing is known of a row.
inline std::vector<double> best_constant(const Loss& loss, const std::vector<double>& labels,
                                         const std::vector<float>& weights = {},
                                         size_t outputs = 1) {
  data::DenseBlock rows(1, labels.size());
  rows.resize(labels.size());
  std::fill_n(rows.span().values, labels.size(), 0.0F);
  LinearObjective objective(loss, rows.view(), labels, weights, {.outputs = outputs});
  std::vector<double> x(objective.parameters());
  const LbfgsOptions solver{.iterations_max = 1000, .value_tolerance = 1e-13};
  minimise_with_kinks(objective, x, solver, {}, [](size_t, double) { return true; });
  return {x.begin() + static_cast<ptrdiff_t>(outputs), x.end()};
}

}  // namespace ringmaker::train
