#include "model/tree/path_kernels.h"

#include "model/tree/quadrature.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <new>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// One feature, one node: 10 on the left, which a quarter of the data took, 20 on the right.
class OneNode {
 public:
  explicit OneNode(bool nan_right)
      : node_{.cut = 1,
              .left_value = 0,
              .right_value = 1,
              .z_left = 0.25,
              .z_right = 0.75,
              .share_left = 0.25,
              .share_right = 0.75,
              .nan_right = nan_right} {}

  [[nodiscard]] std::array<double, kPathRows> explained(
      base::InstructionSet set, const std::array<float, kPathRows>& rows) const {
    const Quadrature rule = gauss_legendre(1);
    const std::array<double, 1> u{1 - rule.points[0]};
    const std::array<double, 2> values{10, 20};
    const PathMove move{PathStep::kLeaveFork, 0};
    alignas(64) std::array<std::byte, path_memory_bytes(1, 1)> memory{};
    alignas(64) std::array<double, kPathRows> sums{};
    sums.fill(100);
    path_kernels(set).explain({.moves = &move,
                               .move_count = 1,
                               .nodes = &node_,
                               .values = values.data(),
                               .points = 1,
                               .t = rule.points.data(),
                               .u = u.data(),
                               .weight = rule.weights.data(),
                               .columns = rows.data(),
                               .stride = kPathRows,
                               .memory = memory.data(),
                               .levels = 1,
                               .sums = sums.data()});
    return sums;
  }

 private:
  PathNode node_;
};

TEST(PathKernels, AFeatureAddsWhatItsSideIsFromTheMean) {
  for (const auto set : test::instruction_sets_here()) {
    EXPECT_EQ(OneNode(false).explained(set, {0, 1, 2, kNan, -5, 0.5F, 1.5F, 0}),
              (std::array<double, kPathRows>{92.5, 102.5, 102.5, 92.5, 92.5, 92.5, 102.5, 92.5}))
        << base::name(set);
  }
}

TEST(PathKernels, AMissingValueTakesItsSide) {
  for (const auto set : test::instruction_sets_here()) {
    EXPECT_EQ(OneNode(true).explained(set, {kNan, 0, kNan, 2, 0, 0, 0, 0})[0], 102.5);
    EXPECT_EQ(OneNode(true).explained(set, {0, 0, kNan, 2, 0, 0, 0, 0})[0], 92.5);
  }
}

}  // namespace
}  // namespace ringmaker::model
