#include "model/dense/scaled_rows.h"

#include "tests/model/dense/dense_models.h"

namespace ringmaker::model {
namespace {

TEST(ScaledRows, ComeInSlicesAndMissingValuesAreZero) {
  for (const base::InstructionSet set : test::instruction_sets_here()) {
    for (const size_t features : {1U, 4U, 19U}) {
      base::Random random(1);
      const FeatureScaling scaling = random_scaling(features, random);
      const ScaledRows scaled(dense_kernels(set), scaling);
      const auto rows = random_rows(200, features, 2);
      size_t seen = 0;
      scaled.for_each_slice(
          {rows.data(), 200, features}, [&](size_t first, size_t count, const float* values) {
            EXPECT_EQ(first, seen);
            EXPECT_LE(count, ScaledRows::kRowsMax);
            for (size_t i = 0; i < count * features; ++i) {
              const float x = rows[first * features + i];
              const size_t j = i % features;
              const float distance = x - scaling.center[j];
              ASSERT_EQ(values[i], std::isnan(x) ? 0.0F : distance * scaling.factor[j]);
            }
            seen += count;
          });
      EXPECT_EQ(seen, 200U);
    }
  }
}

}  // namespace
}  // namespace ringmaker::model
