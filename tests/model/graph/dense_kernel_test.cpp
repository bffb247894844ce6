#include "model/graph/dense_kernel.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace ringmaker::model {
namespace {

/// Every size around the kernel's blocks: the bits are those of one product after the other.
TEST(DenseKernel, SumsInTheOrderOfTheColumnsWhateverTheSizes) {
  base::Random random(3);
  for (const size_t rows : {1, 3, 4, 5, 9}) {
    for (const size_t columns : {1, 7, 8, 9, 31, 33, 73}) {
      constexpr size_t kDepth = 13;
      std::vector<float> x(rows * kDepth);
      std::vector<float> w(kDepth * columns);
      for (auto* values : {&x, &w}) {
        for (float& value : *values) {
          value = static_cast<float>(random.uniform() - 0.5);
        }
      }
      std::vector<float> y(rows * columns, 0.25F);
      std::vector<float> expected(y);
      add_products(x.data(), w.data(), y.data(), rows, kDepth, columns);
      for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < columns; ++j) {
          for (size_t k = 0; k < kDepth; ++k) {
            expected[i * columns + j] += x[i * kDepth + k] * w[k * columns + j];
          }
        }
      }
      EXPECT_EQ(std::memcmp(y.data(), expected.data(), y.size() * sizeof(float)), 0)
          << rows << " x " << columns;
    }
  }
}

}  // namespace
}  // namespace ringmaker::model
