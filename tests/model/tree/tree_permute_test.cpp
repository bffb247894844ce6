#include "model/tree/tree_permute.h"

#include "model/tree/permute_kernels.h"
#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

struct Compiled {
  explicit Compiled(const EnsembleShape& shape) : ensemble(random_ensemble(shape, 4)) {}

  [[nodiscard]] bool fits() const { return TreePermute::fits(ensemble, ranks); }

  void expect_the_plain_walk(const PermuteKernels& kernels) const {
    ASSERT_TRUE(fits());
    const TreePermute permute(ensemble, splits, ranks, kernels,
                              tree_kernels(base::detect_instruction_set()));
    for (const bool nan : {false, true}) {
      for (const size_t count : {1, 4, 5, 15, 16, 17, 32, 50, 64}) {
        const data::DenseBlock rows = random_rows(ensemble, count, nan, 5);
        std::vector<float> expected(count * ensemble.outputs);
        std::vector<float> raw = expected;
        add_plainly(ensemble, rows.view(), {expected.data(), count, ensemble.outputs});
        permute.add(rows.view(), {raw.data(), count, ensemble.outputs});
        ASSERT_EQ(raw, expected) << count << " rows, NaN " << nan << ", " << ranks.columns()
                                 << " columns";
      }
    }
  }

  TreeEnsemble ensemble;
  SplitColumns splits{ensemble};
  ThresholdRanks ranks{ensemble, splits};
};

TEST(TreePermute, FitsTreesOfUpToEightLevelsAndFeaturesOfUpTo255Cuts) {
  EXPECT_TRUE(Compiled({.depth_max = 8, .thresholds = 255}).fits());
  EXPECT_FALSE(Compiled({.depth_max = 9, .thresholds = 255}).fits());
  EXPECT_FALSE(Compiled({.features = 1, .trees = 50, .depth_max = 8, .thresholds = 0}).fits());
  EXPECT_FALSE(Compiled({.features = 300, .trees = 100}).fits());
}

TEST(TreePermute, AnswersAsThePlainWalkForEveryNumberOfRegistersAndLevels) {
  const PermuteKernels* kernels = permute_kernels(base::detect_instruction_set());
  if (kernels == nullptr) {
    GTEST_SKIP() << "this CPU has no AVX-512 VBMI";
  }
  for (const size_t features : {3, 40, 100}) {
    for (const size_t depth : {0, 3, 6, 7, 8}) {
      Compiled({.features = features, .trees = 20, .depth_max = depth, .early_leaf = 0.2})
          .expect_the_plain_walk(*kernels);
    }
  }
  Compiled({.outputs = 3, .depth_max = 8, .categories = 0.02, .precision = Precision::kFloat64})
      .expect_the_plain_walk(*kernels);
}

TEST(TreePermute, NeedsAvx512) {
  EXPECT_EQ(permute_kernels(base::InstructionSet::kPortable), nullptr);
  EXPECT_EQ(permute_kernels(base::InstructionSet::kAvx2), nullptr);
}

}  // namespace
}  // namespace ringmaker::model
