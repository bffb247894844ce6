#include "train/solver/mini_batch.h"

#include <gtest/gtest.h>

#include <set>

namespace ringmaker::train {
namespace {

bool go_on(size_t /*epoch*/) { return true; }

/// Row i pulls x towards (i, 2): the mean over 101 rows is at (50, 2).
void pull(std::span<const uint32_t> rows, std::span<const double> x, std::span<double> slope) {
  slope[0] = slope[1] = 0;
  for (const uint32_t row : rows) {
    slope[0] += (x[0] - row) / static_cast<double>(rows.size());
    slope[1] += (x[1] - 2) / static_cast<double>(rows.size());
  }
}

TEST(MiniBatch, EveryRuleReachesTheMinimum) {
  for (const UpdateRule rule : {UpdateRule::kSgd, UpdateRule::kAdam, UpdateRule::kRmsprop}) {
    MiniBatchOptions options;
    options.rule = rule;
    options.epochs = 400;
    options.batch_rows = 8;
    options.learning_rate = rule == UpdateRule::kSgd ? 0.01 : 0.1;
    options.scheduler_step = 20;
    std::vector<double> x(2);
    descend_in_batches(101, pull, x, options, go_on);
    EXPECT_NEAR(x[0], 50, 1) << static_cast<int>(rule);
    EXPECT_NEAR(x[1], 2, 0.05) << static_cast<int>(rule);
  }
}

TEST(MiniBatch, AnEpochSeesEveryRowOnceInAnOrderOfTheSeed) {
  const auto order_of = [](uint64_t seed) {
    std::vector<uint32_t> seen;
    std::vector<double> x(1);
    MiniBatchOptions options;
    options.epochs = 1;
    options.batch_rows = 7;
    options.seed = seed;
    descend_in_batches(
        50,
        [&](std::span<const uint32_t> rows, std::span<const double>, std::span<double> slope) {
          seen.insert(seen.end(), rows.begin(), rows.end());
          slope[0] = 0;
        },
        x, options, go_on);
    return seen;
  };
  const std::vector<uint32_t> first = order_of(1);
  EXPECT_EQ(first.size(), 50U);
  EXPECT_EQ(std::set<uint32_t>(first.begin(), first.end()).size(), 50U);
  EXPECT_EQ(first, order_of(1));
  EXPECT_NE(first, order_of(2));
}

TEST(MiniBatch, TheL1PenaltySetsToExactlyZero) {
  MiniBatchOptions options;
  options.rule = UpdateRule::kSgd;
  options.epochs = 300;
  options.batch_rows = 101;
  options.learning_rate = 0.05;
  options.l1 = 3;
  options.l1_coordinates = 2;
  std::vector<double> x{1, 1};
  descend_in_batches(101, pull, x, options, go_on);
  EXPECT_NEAR(x[0], 47, 0.1);
  EXPECT_EQ(x[1], 0);
}

TEST(MiniBatch, BiasesMoveAtTheirOwnRate) {
  MiniBatchOptions options;
  options.rule = UpdateRule::kSgd;
  options.epochs = 1;
  options.batch_rows = 101;
  options.learning_rate = 0.01;
  options.bias_rate_mult = 10;
  options.bias_from = 1;
  std::vector<double> x(2);
  descend_in_batches(101, pull, x, options, go_on);
  EXPECT_NEAR(x[0], 0.01 * 50, 1e-9);
  EXPECT_NEAR(x[1], 0.1 * 2, 1e-9);
}

TEST(MiniBatch, StopsWhenToldTo) {
  std::vector<double> x(2);
  size_t epochs = 0;
  descend_in_batches(101, pull, x, {}, [&](size_t) { return ++epochs < 3; });
  EXPECT_EQ(epochs, 3U);
}

}  // namespace
}  // namespace ringmaker::train
